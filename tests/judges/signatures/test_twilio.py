"""Twilio's own validator of signatures, and ours: each takes what the other side made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from callback_requests import FORM
from callback_rules import list_fields
from random_callbacks import KEY, OTHER, change, make_form_or_query, make_json, make_requests
from twilio.request_validator import RequestValidator, get_signature_algorithm

from sumotext_backend.providers import Callback
from sumotext_backend.providers import twilio_callbacks as twilio
from sumotext_backend.simulator import signers


@attrs.frozen
class Multi:
    """Fields as frameworks hand them to Twilio's validator, each name with all its values."""

    pairs: list[tuple[str, str]]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(name for name, _ in self.pairs)

    def __len__(self) -> int:
        """How many fields."""
        return len(self.pairs)

    def getlist(self, name: str) -> list[str]:
        """Every value under ``name``."""
        return [value for each, value in self.pairs if each == name]


def judge_twilio(callback: Callback, key: str) -> bool:
    """What Twilio's client says."""
    form = callback.header("Content-Type") == FORM
    params: Any = Multi(list_fields(callback)) if form else callback.body.decode() or None
    settings = callback.header("X-Twilio-Webhooks-Signature-Settings")
    said: bool = RequestValidator(key).validate(
        callback.url,
        params,
        callback.header("X-Twilio-Signature"),
        get_signature_algorithm(settings),
    )
    return said


@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
@pytest.mark.parametrize("make", [make_form_or_query, make_json])
def test_twilio_s_client_and_we_agree(make: Any, algorithm: str) -> None:
    """On forms, on queries, and on JSON whose hash is in the address; by both hashes."""
    for callback in make_requests(make):
        signed = signers.sign_twilio(callback, KEY, 0, algorithm=algorithm)

        assert judge_twilio(signed, KEY)
        assert twilio.is_signed(signed, [OTHER, KEY])
        for wrong, key in ((change(signed), KEY), (signed, OTHER)):
            assert not judge_twilio(wrong, key)
            assert not twilio.is_signed(wrong, [key])


def test_what_twilio_s_client_signs_is_ours() -> None:
    """With a port in the address and without, whichever of the two we are called by."""
    for callback in make_requests(make_form_or_query):
        form = callback.header("Content-Type") == FORM
        pairs = Multi(list_fields(callback) if form else [])
        signature = RequestValidator(KEY).compute_signature(callback.url, pairs)
        headers = {**callback.headers, "X-Twilio-Signature": signature}

        assert twilio.is_signed(attrs.evolve(callback, headers=headers), [KEY])
