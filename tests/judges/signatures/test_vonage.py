"""Vonage's own check of signatures, and ours: each takes what the other side made."""

from __future__ import annotations

import importlib
import random
import time
import warnings
from typing import Any

import attrs
import jwt
import pytest
from callback_requests import get, post_form
from callback_rules import list_fields
from random_callbacks import (
    KEY,
    OTHER,
    change,
    make_json,
    make_pairs,
    make_requests,
    make_url,
)
from vonage_http_client.auth import Auth
from vonage_jwt import verify_signature

from sumotext_backend.providers import Callback
from sumotext_backend.providers import vonage_callbacks as vonage
from sumotext_backend.simulator import signers


def judge_vonage(callback: Callback, key: str, method: str) -> bool:
    """What Vonage's client says."""
    auth = Auth(api_key="k", signature_secret=key, signature_method=method)  # type: ignore[arg-type]
    said: bool = auth.check_signature(dict(list_fields(callback)))
    return said


def judge_nexmo(callback: Callback, key: str) -> bool:
    """What Vonage's client of former days says, by the hash that the present one does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source is of an older Python
        nexmo = importlib.import_module("nexmo")
    client = nexmo.Client(key="k", secret="s", signature_secret=key, signature_method=None)
    return bool(client.check_signature(dict(list_fields(callback))))


def make_vonage(dice: random.Random) -> Callback:
    """A form or a query of fields that come once: Vonage's client takes no others."""
    pairs = [*dict(make_pairs(dice)).items()]
    if dice.random() < 0.5:
        return post_form(pairs, make_url(dice))
    return get(pairs, make_url(dice).partition("?")[0])


@pytest.mark.parametrize("method", ["md5", "sha1", "sha256", "sha512"])
def test_vonage_s_client_and_we_agree(method: Any) -> None:
    """On the fields of a form and of a query, by each hash."""
    now = time.time()
    for callback in make_requests(make_vonage):
        signed = signers.sign_vonage(callback, KEY, now, method=method)

        assert judge_vonage(signed, KEY, method)
        assert vonage.is_signed(signed, [OTHER, KEY], now, method)
        for wrong, key in ((change(signed), KEY), (signed, OTHER)):
            assert not judge_vonage(wrong, key, method)
            assert not vonage.is_signed(wrong, [key], now, method)


def test_vonage_s_client_of_former_days_and_we_agree() -> None:
    """On the hash that is no HMAC, which an account has unless it chose another."""
    now = time.time()
    for callback in make_requests(make_vonage):
        signed = signers.sign_vonage(callback, KEY, now, method="md5hash")

        assert judge_nexmo(signed, KEY)
        assert vonage.is_signed(signed, [OTHER, KEY], now, "md5hash")
        for wrong, key in ((change(signed), KEY), (signed, OTHER)):
            assert not judge_nexmo(wrong, key)
            assert not vonage.is_signed(wrong, [key], now, "md5hash")


@pytest.mark.parametrize("method", ["md5", "sha1", "sha256", "sha512"])
def test_what_vonage_s_client_signs_is_ours(method: Any) -> None:
    """It adds the time itself."""
    auth = Auth(api_key="k", signature_secret=KEY, signature_method=method)
    for callback in make_requests(make_vonage):
        fields: dict[str, Any] = dict(list_fields(callback))
        signature = auth.sign_params(fields)
        signed = post_form({**{name: str(each) for name, each in fields.items()}, "sig": signature})

        assert vonage.is_signed(signed, [KEY], time.time(), method)


def test_vonage_s_tokens_and_ours_are_one() -> None:
    """Its client takes ours, and we take what PyJWT made of the same claims."""
    now = time.time()
    for callback in make_requests(make_json):
        signed = signers.sign_vonage_token(callback, KEY * 2, now)
        token = signed.header("Authorization").removeprefix("Bearer ")
        claims = jwt.decode(token, KEY * 2, algorithms=["HS256"])
        theirs = jwt.encode(claims, KEY * 2, "HS256")
        headers = {**callback.headers, "Authorization": f"Bearer {theirs}"}

        assert verify_signature(token, KEY * 2)
        assert not verify_signature(token, OTHER * 5)
        assert vonage.is_signed(signed, [OTHER, KEY * 2], now, "sha256")
        assert vonage.is_signed(attrs.evolve(callback, headers=headers), [KEY * 2], now, "sha256")
        assert not vonage.is_signed(change(signed), [KEY * 2], now, "sha256")
