"""The task that sends a text."""

from celery import Task, shared_task
from sumotext_django import send_text

from shop.models import Text
from sumotext_backend import Outcome

MAY_BE_SENT = ("", Outcome.FAILED)


@shared_task(bind=True, max_retries=5)
def send(self: Task, row: int) -> str:
    """Send the text in ``row``, once at most; the outcome is all that is returned."""
    text = Text.objects.filter(pk=row)
    # From here on it may be out: whoever runs this task again finds nothing to send.
    if not text.filter(outcome__in=MAY_BE_SENT).update(outcome=Outcome.UNKNOWN):
        return "nothing to send"
    to, words = text.values_list("to", "words").get()
    result = send_text(to, words)
    del to, words  # what retry() raises shows the locals of this frame on error pages
    text.update(outcome=result.outcome)
    if result.outcome is Outcome.FAILED:
        raise self.retry(countdown=result.retry_after or 60)
    return str(result.outcome)
