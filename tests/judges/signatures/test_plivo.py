"""Plivo's own validators of signatures, and ours: each takes what the other side made."""

from __future__ import annotations

import random
import time
from typing import Any

import attrs
from callback_requests import get, post_form
from callback_rules import list_fields
from plivo.utils import validate_signature
from plivo.utils.signature_v3 import (
    construct_get_url,
    construct_post_url,
    get_signature_v3,
    validate_v3_signature,
)
from random_callbacks import KEY, OTHER, change, make_pairs, make_requests, make_url

from sumotext_backend.providers import Callback
from sumotext_backend.providers import plivo_callbacks as plivo
from sumotext_backend.simulator import signers


def group(callback: Callback) -> dict[str, Any]:
    """The fields of a form as Plivo's client wants them."""
    grouped: dict[str, Any] = {}
    for name, value in list_fields(callback) if callback.method == "POST" else []:
        grouped.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in grouped.items()}


def make_plivo(dice: random.Random) -> Callback:
    """As the others; Plivo's client reads what is not ASCII in a query as Latin-1."""
    url = make_url(dice, plain=True)
    if dice.random() < 0.7:
        return post_form(make_pairs(dice), url)
    pairs = [(name, value) for name, value in make_pairs(dice) if (name + value).isascii()]
    return get([*pairs, ("a", "1")], url.partition("?")[0])


def judge_plivo_v3(callback: Callback, key: str) -> bool:
    """What Plivo's client says."""
    said: bool = validate_v3_signature(
        callback.method,
        callback.url,
        callback.header("X-Plivo-Signature-V3-Nonce"),
        key,
        callback.header("X-Plivo-Signature-V3"),
        group(callback),
    )
    return said


def test_plivo_s_client_and_we_agree_on_version_3() -> None:
    """On forms and on queries."""
    for callback in make_requests(make_plivo):
        signed = signers.sign_plivo_v3(callback, KEY, time.time())

        assert judge_plivo_v3(signed, KEY)
        assert plivo.is_signed(signed, [OTHER, KEY])
        for wrong, key in ((change(signed), KEY), (signed, OTHER)):
            assert not judge_plivo_v3(wrong, key)
            assert not plivo.is_signed(wrong, [key])


def test_what_plivo_s_client_signs_by_version_3_is_ours() -> None:
    """One of several signatures may be it."""
    for callback in make_requests(make_plivo):
        if callback.method == "GET":
            content = construct_get_url(callback.url, {})
        else:
            content = construct_post_url(callback.url, group(callback))
        made = get_signature_v3(KEY.encode(), content.decode(), b"123")
        headers = {
            **callback.headers,
            "X-Plivo-Signature-V3": f"bm90aGluZw==,{made.decode()}",
            "X-Plivo-Signature-V3-Nonce": "123",
        }

        assert plivo.is_signed(attrs.evolve(callback, headers=headers), [KEY])


def test_plivo_s_client_and_we_agree_on_version_2() -> None:
    """It covers the address without its query."""
    for callback in make_requests(make_plivo):
        signed = signers.sign_plivo(callback, KEY, time.time())
        elsewhere = attrs.evolve(signed, url=signed.url.replace("/0f6c3d5e", "/1f6c3d5e"))
        nonce = signed.header("X-Plivo-Signature-V2-Nonce")
        signature = signed.header("X-Plivo-Signature-V2")

        assert validate_signature(signed.url, nonce, signature, KEY)
        assert plivo.is_signed(signed, [OTHER, KEY])
        assert not validate_signature(elsewhere.url, nonce, signature, KEY)
        assert not plivo.is_signed(elsewhere, [KEY])
