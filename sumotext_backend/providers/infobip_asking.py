"""What Infobip can be asked for: its logs, by the id of a text, which is our reference.

Source: Infobip's OpenAPI description. Logs are kept for 48 hours. Reports are not asked for, as
each is handed out once, and may have gone to another program.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sumotext_backend.asking import Found, NoAnswer, Question
from sumotext_backend.events import DeliveryReport
from sumotext_backend.http import Response
from sumotext_backend.providers import infobip_callbacks
from sumotext_backend.providers.pulled import Said, pull, take_found, take_report
from sumotext_backend.providers.rest import make_target

LOGS: Final = "/sms/3/logs"


def make_question(message_id: str) -> str:
    """The target of the logs of one text."""
    return make_target(LOGS, {"messageId": message_id})


def read_report(response: Response, message_id: str, alias: str) -> DeliveryReport | NoAnswer:
    """The report that the log holds."""
    return take_report(lambda: infobip_callbacks.read(pull(response, alias)), message_id)


def read_log(response: Response, question: Question, alias: str) -> Said:
    """The log of the text whose id is our reference."""

    def find() -> Iterator[Found]:
        for event in infobip_callbacks.read(pull(response, alias)):
            if isinstance(event, DeliveryReport) and event.provider_id == question.reference:
                yield Found(question.reference, event)

    return take_found(find)
