"""Sinch's own validator of signatures, and ours: each takes what the other side made."""

from __future__ import annotations

import time

import attrs
import pytest
from random_callbacks import KEY, OTHER, change, make_json, make_requests

from sumotext_backend.providers import Callback
from sumotext_backend.providers import sinch_callbacks as sinch
from sumotext_backend.simulator import signers

# An import that may warn: the client has escapes that Python finds odd.
validation = pytest.importorskip(
    "sinch.domains.authentication.sinch_events.v1.authentication_validation"
)
events = pytest.importorskip("sinch.domains.sms.sinch_events.v1.sms_sinch_event")


def test_sinch_s_client_and_we_agree() -> None:
    """On bodies of JSON; and we take what it computes."""
    now = time.time()
    for callback in make_requests(make_json):
        signed = signers.sign_sinch(callback, KEY, now)
        stamp, body = str(int(now)), callback.body.decode()
        content = validation.compute_signed_data(body, "n0nce", stamp)
        made = validation.calculate_sinch_event_signature(content, KEY)
        theirs = {
            **callback.headers,
            "x-sinch-webhook-signature": made,
            "x-sinch-webhook-signature-nonce": "n0nce",
            "x-sinch-webhook-signature-timestamp": stamp,
        }

        assert judge_sinch(signed, KEY)
        assert sinch.is_signed(signed, [OTHER, KEY], now)
        assert sinch.is_signed(attrs.evolve(callback, headers=theirs), [KEY], now)
        for wrong, key in ((change(signed), KEY), (signed, OTHER)):
            assert not judge_sinch(wrong, key)
            assert not sinch.is_signed(wrong, [key], now)


def judge_sinch(callback: Callback, key: str) -> bool:
    """What Sinch's client says."""
    said: bool = events.SmsSinchEvent(key).validate_authentication_header(
        dict(callback.headers), callback.body
    )
    return said
