"""What Sinch can be asked for: the report of a batch, and batches by our reference.

Source: Sinch's Python client and its pages on delivery reports.
"""

from __future__ import annotations

from collections.abc import Iterator

from sumotext_backend.asking import Found, NoAnswer, Question
from sumotext_backend.events import DeliveryReport
from sumotext_backend.http import Response
from sumotext_backend.providers import sinch_callbacks
from sumotext_backend.providers.pulled import Said, pull, take_found, take_report
from sumotext_backend.providers.reading import find, list_objects, read_object, take
from sumotext_backend.providers.rest import escape, make_target


def make_report_target(batches: str, batch_id: str) -> str:
    """The target of the report of one batch; a summary, which names no number."""
    return make_target(f"{batches}/{escape(batch_id)}/delivery_report", {"type": "summary"})


def make_question(batches: str, question: Question) -> str:
    """The target that lists the batches of our reference."""
    return make_target(batches, {"client_reference": question.reference, "page_size": "2"})


def read_report(response: Response, batch_id: str, alias: str) -> DeliveryReport | NoAnswer:
    """The report of a batch of one, which is written as a callback is."""
    return take_report(lambda: sinch_callbacks.read(pull(response, alias)), batch_id)


def read_list(response: Response, question: Question, alias: str) -> Said:
    """The one batch of our reference."""

    def search() -> Iterator[Found]:
        listed = read_object(pull(response, alias)).get("batches")
        for batch in list_objects(listed or []):
            if find(batch, "client_reference") == question.reference:
                yield Found(take(batch, "id"))

    return take_found(search)
