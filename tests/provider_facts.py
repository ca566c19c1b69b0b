"""What decides which provider comes after which, as each provider documents it: its answers.

An answer is an HTTP status and a body; words instead say why there is none.
"""

from __future__ import annotations

from typing import Any, Final

Fact = tuple[int, Any] | str

ACCEPTED: Final = "taken; a report tells"
OTHERWISE: Final = "not documented"
BEHIND: Final = "taken; the aggregator tells"

STOPPED: Final = "Said STOP"
WRONG_NUMBER: Final = "Wrong number"
WRONG_SENDER: Final = "Sender not yours"
NO_CREDIT: Final = "No credit"


def _twilio(code: int) -> Fact:
    return 400, {"code": code, "message": "no", "more_info": "https://x.example", "status": 400}


def _vonage(status: str) -> Fact:
    return 200, {"message-count": "1", "messages": [{"status": status, "error-text": "no"}]}


def _telnyx(code: str, title: str = "no") -> Fact:
    return 422, {"errors": [{"code": code, "title": title, "detail": "no"}]}


def _bandwidth(field: str) -> Fact:
    wrong = [{"fieldName": field, "description": "no"}]
    return 400, {"type": "request-validation", "description": "no", "fieldErrors": wrong}


def _aws(kind: str, **more: object) -> Fact:
    return 400, {"__type": f"com.amazonaws.pinpointsmsvoicev2#{kind}", "Message": "no", **more}


def _infobip(code: int) -> Fact:
    return 200, {"messages": [{"messageId": "2250be2d4219", "status": {"groupId": 5, "id": code}}]}


def _messagebird(code: int, parameter: str | None) -> Fact:
    return 422, {"errors": [{"code": code, "description": "no", "parameter": parameter}]}


def _clicksend(word: str) -> Fact:
    return 200, {"http_code": 200, "data": {"messages": [{"status": word}]}}


_PLIVO_400: Final[Fact] = (400, {"api_id": "x", "error": "no"})
_SUMOTEXT_V2: Final = {"sumoId": "", "Err": {"ErrNum": 27, "ErrMessage": "no"}}

FACTS: Final[dict[str, dict[str, Fact]]] = {
    "sumotext": {
        STOPPED: (200, b"5015551234:NOTOPT\r\n"),
        WRONG_NUMBER: (200, b"5015551234:NOTFOUND\r\n"),
        WRONG_SENDER: OTHERWISE,
        NO_CREDIT: OTHERWISE,
    },
    "sumotext-v2": {
        STOPPED: (200, _SUMOTEXT_V2),
        WRONG_NUMBER: OTHERWISE,
        WRONG_SENDER: OTHERWISE,
        NO_CREDIT: OTHERWISE,
    },
    "twilio": {
        STOPPED: _twilio(21610),
        WRONG_NUMBER: _twilio(21211),
        WRONG_SENDER: _twilio(21606),
        NO_CREDIT: _twilio(10001),
    },
    "vonage": {
        STOPPED: ACCEPTED,
        WRONG_NUMBER: _vonage("6"),
        WRONG_SENDER: _vonage("15"),
        NO_CREDIT: _vonage("9"),
    },
    "telnyx": {
        STOPPED: _telnyx("40300", "Blocked due to STOP message"),
        WRONG_NUMBER: _telnyx("40310"),
        WRONG_SENDER: _telnyx("40305"),
        NO_CREDIT: _telnyx("20100"),
    },
    "plivo": {
        STOPPED: ACCEPTED,
        WRONG_NUMBER: _PLIVO_400,
        WRONG_SENDER: _PLIVO_400,
        NO_CREDIT: ACCEPTED,
    },
    "bandwidth": {
        STOPPED: ACCEPTED,
        WRONG_NUMBER: _bandwidth("to"),
        WRONG_SENDER: _bandwidth("from"),
        NO_CREDIT: OTHERWISE,
    },
    "aws": {
        STOPPED: _aws("ConflictException", Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        WRONG_NUMBER: _aws(
            "ValidationException",
            Reason="FIELD_VALIDATION_FAILED",
            Fields=[{"Name": "DestinationPhoneNumber", "Message": "no"}],
        ),
        WRONG_SENDER: _aws("ConflictException", Reason="NO_ORIGINATION_IDENTITIES_FOUND"),
        NO_CREDIT: _aws(
            "ServiceQuotaExceededException", Reason="MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"
        ),
    },
    "kannel": {
        STOPPED: BEHIND,
        WRONG_NUMBER: BEHIND,
        WRONG_SENDER: BEHIND,
        NO_CREDIT: BEHIND,
    },
    "infobip": {
        STOPPED: _infobip(10),
        WRONG_NUMBER: _infobip(51),
        WRONG_SENDER: _infobip(13),
        NO_CREDIT: _infobip(12),
    },
    "sinch": {
        STOPPED: ACCEPTED,
        WRONG_NUMBER: (400, {"code": "syntax_invalid_parameter_format", "text": "no"}),
        WRONG_SENDER: (403, {"code": "unknown_campaign", "text": "no"}),
        NO_CREDIT: OTHERWISE,
    },
    "messagebird": {
        STOPPED: ACCEPTED,
        WRONG_NUMBER: _messagebird(10, "recipients"),
        WRONG_SENDER: _messagebird(10, "originator"),
        NO_CREDIT: _messagebird(25, None),
    },
    "clicksend": {
        STOPPED: OTHERWISE,
        WRONG_NUMBER: _clicksend("INVALID_RECIPIENT"),
        WRONG_SENDER: _clicksend("INVALID_SENDER_ID"),
        NO_CREDIT: _clicksend("INSUFFICIENT_CREDIT"),
    },
    "46elks": {
        STOPPED: OTHERWISE,
        WRONG_NUMBER: (400, b"Invalid to number"),
        WRONG_SENDER: (400, b"Invalid from number"),
        NO_CREDIT: (403, b"Not enough credits"),
    },
}
