"""Our backends, each pointed at its provider's dialect of a simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sumotext_backend.http import HttpBackend
from sumotext_backend.providers import (
    AwsBackend,
    BandwidthBackend,
    ClickSendBackend,
    ElksBackend,
    InfobipBackend,
    KannelBackend,
    MessageBirdBackend,
    PlivoBackend,
    SinchBackend,
    SumotextBackend,
    SumotextV2Backend,
    TelnyxBackend,
    TwilioBackend,
    VonageBackend,
)

FROM: Final = "+15015550199"
SUMOTEXT: Final = {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS"}
CLASSES: Final[Mapping[str, tuple[type[HttpBackend], Mapping[str, str]]]] = {
    "46elks": (ElksBackend, {"username": "u1", "password": "s3cret", "sender": FROM}),
    "aws": (
        AwsBackend,
        {"region": "us-east-1", "access_key_id": "AKID", "secret_access_key": "s", "sender": FROM},
    ),
    "bandwidth": (
        BandwidthBackend,
        {
            "account_id": "9900000",
            "username": "user",
            "password": "s3cret",
            "application_id": "app",
            "sender": FROM,
        },
    ),
    "clicksend": (ClickSendBackend, {"username": "me", "api_key": "s3cret", "sender": FROM}),
    "infobip": (InfobipBackend, {"api_key": "s3cret", "sender": "15015550199"}),
    "kannel": (KannelBackend, {"username": "tester", "password": "s3cret", "sender": "74700"}),
    "messagebird": (MessageBirdBackend, {"access_key": "s3cret", "sender": "15015550199"}),
    "plivo": (PlivoBackend, {"auth_id": "MA1", "auth_token": "s3cret", "sender": FROM}),
    "sinch": (SinchBackend, {"service_plan_id": "plan1", "api_token": "s3cret", "sender": FROM}),
    "sumotext": (SumotextBackend, SUMOTEXT),
    "sumotext-v2": (SumotextV2Backend, {**SUMOTEXT, "apikey": "s3cret"}),
    "telnyx": (TelnyxBackend, {"api_key": "KEY1", "sender": FROM}),
    "twilio": (
        TwilioBackend,
        {"account_sid": "AC" + "0f" * 16, "auth_token": "t0ken", "sender": FROM},
    ),
    "vonage": (VonageBackend, {"api_key": "key", "api_secret": "s3cret", "sender": FROM}),
}


def make(name: str, url: str, **options: Any) -> HttpBackend:
    """The backend ``name``, for a simulator at ``url``."""
    backend, given = CLASSES[name]
    below = f"{url}/{name}" + ("/api" if name == "sumotext-v2" else "")
    return backend(base_url=below, **{**given, **options})
