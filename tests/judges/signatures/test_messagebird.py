"""MessageBird's own validator of requests, and ours: each takes what the other side made."""

from __future__ import annotations

import time
from typing import Any

import attrs
import jwt
import pytest
from messagebird.error import ValidationError
from messagebird.request_validator import RequestValidator
from random_callbacks import KEY, OTHER, change, make_form_or_query, make_json, make_requests

from sumotext_backend.providers import Callback
from sumotext_backend.providers import messagebird_callbacks as messagebird
from sumotext_backend.simulator import signers


def judge_messagebird(callback: Callback, key: str) -> bool:
    """What MessageBird's client says."""
    token = callback.header("MessageBird-Signature-JWT")
    try:
        RequestValidator(key).validate_signature(token, callback.url, callback.body)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("make", [make_form_or_query, make_json])
def test_messagebird_s_client_and_we_agree(make: Any) -> None:
    """On bodies and on queries; and we take what PyJWT made of the same claims."""
    key, now = KEY * 2, time.time()
    for callback in make_requests(make):
        signed = signers.sign_messagebird(callback, key, now)
        token = signed.header("MessageBird-Signature-JWT")
        claims = jwt.decode(token, key, algorithms=["HS256"], issuer="MessageBird", leeway=60)
        theirs = {
            **callback.headers,
            "MessageBird-Signature-JWT": jwt.encode(claims, key, "HS256"),
        }

        assert judge_messagebird(signed, key)
        assert messagebird.is_signed(signed, [OTHER, key], now)
        assert messagebird.is_signed(attrs.evolve(callback, headers=theirs), [key], now)
        for wrong, other in ((change(signed), key), (signed, OTHER * 5)):
            assert not judge_messagebird(wrong, other)
            assert not messagebird.is_signed(wrong, [other], now)
