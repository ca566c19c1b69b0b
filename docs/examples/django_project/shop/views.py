"""The same chain, natively and through django-sms."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST
from sms import Message
from sumotext_django import send_text

from sumotext_backend import Outcome

STATUS = {
    Outcome.ACCEPTED: 200,
    Outcome.REJECTED: 422,  # do not ask again
    Outcome.FAILED: 503,  # surely not sent: may be asked again
    Outcome.UNKNOWN: 502,  # may have been sent: do not ask again
}


@require_POST
def confirm(request: HttpRequest, order: int) -> JsonResponse:
    """Text one customer: the result says what became of it."""
    result = send_text(request.POST["to"], f"Order {order} is confirmed.", ref=f"order {order}")
    fields = {"outcome": result.outcome, "id": result.message_id}
    return JsonResponse(fields, status=STATUS[result.outcome])


@require_POST
def remind(request: HttpRequest, order: int) -> JsonResponse:
    """Text several with django-sms: the results are on the message."""
    message = Message(f"Order {order} waits for you.", recipients=request.POST.getlist("to"))
    count = message.send(fail_silently=True)
    outcomes = [result.outcome for result in message.sms_results.values()]
    return JsonResponse({"accepted": count, "outcomes": outcomes})
