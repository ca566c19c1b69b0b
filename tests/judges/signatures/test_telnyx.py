"""Telnyx's own validator of signatures, and ours: each takes what the other side made."""

from __future__ import annotations

import base64
import time

import attrs
from callback_requests import telnyx_keys
from nacl.signing import SigningKey
from random_callbacks import change, make_json, make_requests
from telnyx.lib.webhook_verification import WebhookVerificationError, verify_webhook_signature

from sumotext_backend.providers import Callback
from sumotext_backend.providers import telnyx_callbacks as telnyx
from sumotext_backend.simulator import signers


def judge_telnyx(callback: Callback, key: str) -> bool:
    """What Telnyx's client says."""
    try:
        verify_webhook_signature(callback.body, callback.headers, key)
    except WebhookVerificationError:
        return False
    return True


def test_telnyx_s_client_and_we_agree() -> None:
    """On bodies of JSON; and we take what PyNaCl signed."""
    now, (private, public) = time.time(), telnyx_keys()
    other = telnyx_keys(2)[1]
    for callback in make_requests(make_json):
        signed = signers.sign_telnyx(callback, private, now)
        stamp = str(int(now))
        made = SigningKey(base64.b64decode(private)).sign(f"{stamp}|".encode() + callback.body)
        theirs = {
            **callback.headers,
            "telnyx-signature-ed25519": base64.b64encode(made.signature).decode(),
            "telnyx-timestamp": stamp,
        }

        assert judge_telnyx(signed, public)
        assert telnyx.is_signed(signed, [other, public], now)
        assert telnyx.is_signed(attrs.evolve(callback, headers=theirs), [public], now)
        for wrong, key in ((change(signed), public), (signed, other)):
            assert not judge_telnyx(wrong, key)
            assert not telnyx.is_signed(wrong, [key], now)
