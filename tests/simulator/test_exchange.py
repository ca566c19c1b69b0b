"""What is kept of a request: everything but its secrets."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend.simulator.exchange import Received, mask_secrets

FORM = (("content-type", "application/x-www-form-urlencoded; charset=utf-8"),)

SECRETS = [
    "Authorization", "api_key", "apiKey", "apikey", "api_secret", "AuthToken", "password", "passwd",
    "X-Amz-Security-Token", "Cookie", "signature", "AccessKey", "access-key", "pass", "sig",
]  # fmt: skip
PUBLIC = ["mobile", "To", "Body", "text", "key", "carrier", "passenger", "from", "sign"]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_masked_wherever_it_stands(name: str) -> None:
    """In query, headers, form and JSON at any depth."""
    value = "s3cretcanary"
    nested = json.dumps({"a": [{name: value}]}).encode()
    asked = [
        Received(method="GET", path="/", query=((name, value),), headers=((name.lower(), value),)),
        Received(method="POST", path="/", headers=FORM, body=f"{name}={value}&b=c".encode()),
        Received(method="POST", path="/", body=nested),
        Received(method="POST", path="/", body=b"json=" + nested),
    ]
    for each in map(mask_secrets, asked):
        kept = f"{each.query}{each.headers}{each.body.decode()}"

        assert value not in kept
        assert "•••" in kept


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_no_secret_stays(name: str) -> None:
    """The text and its numbers are what one looks for."""
    asked = Received(method="POST", path="/", headers=FORM, body=f"{name}=canary".encode())

    assert asked == mask_secrets(asked)


@given(st.binary(max_size=200), st.sampled_from([(), FORM]))
def test_no_body_breaks_it(body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    """Whatever was posted, it is kept in some form."""
    assert isinstance(
        mask_secrets(Received(method="POST", path="/", headers=headers, body=body)).body, bytes
    )


def test_json_with_a_lone_surrogate_is_kept() -> None:
    """JSON can hold what no text can."""
    asked = Received(method="POST", path="/", body=b'{"token": "x", "a": "\\ud800"}')

    assert "•••" in mask_secrets(asked).body.decode()
