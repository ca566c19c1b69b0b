"""Answers of many providers, by name: each an acceptance and a refusal, as they document them.

A body that one provider's backend makes something of must be no other's.
"""

from __future__ import annotations

from typing import Any, Final

_GUID: Final = "0f6c3d5e-9f2a-4c1b-8d7e-5a4b3c2d1e0f"

SAMPLES: Final[dict[str, tuple[Any, ...]]] = {
    "sumotext": (b"5015551234:" + _GUID.encode() + b"\r\n", b"5015551234:NOTOPT\r\n"),
    "sumotext-v2": (
        {"sumoId": _GUID, "Err": {"ErrNum": 0, "ErrMessage": ""}},
        {"sumoId": "", "Err": {"ErrNum": 27, "ErrMessage": "no"}},
    ),
    "twilio": (
        {"sid": "SM" + "9b" * 16, "status": "queued", "error_code": None, "to": "+15015551234"},
        {"code": 21610, "message": "no", "more_info": "https://www.example.com", "status": 400},
    ),
    "vonage": (
        {
            "message-count": "1",
            "messages": [{"to": "15015551234", "message-id": "0C000000217B7F02", "status": "0"}],
        },
        {"message-count": "1", "messages": [{"status": "4", "error-text": "no"}]},
    ),
    "vonage-messages": (
        {"message_uuid": _GUID},
        {"type": "https://www.example.com/errors#1170", "title": "no", "detail": "no"},
    ),
    "telnyx": (
        {"data": {"record_type": "message", "id": _GUID, "to": [{"status": "queued"}]}},
        {"errors": [{"code": "40300", "title": "Blocked due to STOP message", "detail": "no"}]},
    ),
    "plivo": (
        {"message": "message(s) queued", "message_uuid": [_GUID], "api_id": _GUID},
        {"api_id": _GUID, "error": "no"},
    ),
    "bandwidth": (
        {"id": "1589228074636lm4k2je7j7jklbn2", "direction": "out", "to": ["+15015551234"]},
        {"type": "request-validation", "description": "no", "fieldErrors": [{"fieldName": "to"}]},
    ),
    "aws": (
        {"MessageId": _GUID},
        {"__type": "ConflictException", "Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"},
    ),
    "sinch": (
        {"id": "01FC66621XXXXX119Z8PMV1QPQ", "to": ["15015551234"], "type": "mt_text"},
        {"code": "syntax_invalid_parameter_format", "text": "no"},
    ),
    "messagebird": (
        {"id": "e8077d803532c0b5937c639b60216938", "recipients": {"totalSentCount": 1}},
        {"errors": [{"code": 9, "description": "no", "parameter": "recipients"}]},
    ),
    "infobip": (
        {"messages": [{"messageId": "2250be2d4219", "status": {"groupId": 1, "id": 26}}]},
        {"messages": [{"status": {"groupId": 5, "id": 14, "name": "REJECTED"}}]},
    ),
    "clicksend": (
        {"http_code": 200, "data": {"messages": [{"status": "SUCCESS", "message_id": _GUID}]}},
        {"http_code": 200, "data": {"messages": [{"status": "INVALID_RECIPIENT"}]}},
    ),
    "brevo": ({"messageId": 1511882900176220}, {"code": "invalid_parameter", "message": "no"}),
    "46elks": ({"id": "s70df59406a1b4643b96f3f91e0bfb7b0", "status": "created"}, b"Missing key to"),
    "kannel": (b"0: Accepted for delivery", b"Not routable. Do not try again."),
    "jasmin": (b'Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"', b'Error "No route found"'),
    "a proxy": (b"<html><body>200 OK</body></html>", b"<html>Forbidden</html>", b""),
    "something else": ({}, [], {"ok": True}, {"error": "no"}, {"message": "no"}, "queued", None),
}
