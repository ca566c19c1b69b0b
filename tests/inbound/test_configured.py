"""The receiver of a configuration: who has an address, and which ledger it keeps things in."""

from __future__ import annotations

from typing import Any

import pytest

from sumotext_backend import ConfigurationError, Message, Reason, connect
from sumotext_backend.config import load, open_receiver
from sumotext_backend.inbound import Arrival, make_path
from tests.inbound.cases import NUMBER, SECRET

KANNEL = {"backend": "kannel", "username": "u", "password": "p", "sender": "74700"}
PROVIDERS: dict[str, Any] = {
    "plain": KANNEL | {"base_url": "http://127.0.0.1:1"},
    "again": {"backend": "retry", "of": "plain"},
    "both": {"backend": "fallback", "chain": ["plain", "quiet"]},
    "quiet": {"backend": "null"},
}
TABLE = {"secrets": [SECRET]}


def tell(event: object, *, again: bool) -> list[str]:
    """Hear of it."""
    return []


def test_who_calls_has_an_address_and_a_chain_has_none() -> None:
    """What stands around one provider alone is that provider."""
    receiver = open_receiver(load({"providers": PROVIDERS, "inbound": TABLE}), tell=tell)

    assert ["plain", "again"] == list(receiver.backends)


def test_with_the_ledger_off_a_stop_binds_this_process() -> None:
    """What is sent in it asks the same memory; nothing is on disk."""
    configuration = {
        "providers": PROVIDERS,
        "inbound": TABLE,
        "ledger": {"record": "off"},
    }
    receiver = open_receiver(load(configuration), tell=tell)
    target = make_path(SECRET, "plain") + "?from=%2B15015551234&to=74700&text=STOP&id=k1"

    assert 200 == receiver.receive(Arrival(method="GET", target=target)).status
    with connect(
        {**configuration, "providers": PROVIDERS | {"default": {"backend": "null"}}}
    ) as sms:
        assert Reason.OPTED_OUT is sms.send(Message(NUMBER, "hello")).reason


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"secrets": "short"}, "'secrets' wants secrets of 22 random characters"),
        ({"secrets": "a" * 40}, "'secrets' wants secrets of 22 random characters"),
        ({"secrets": [SECRET, 7]}, "secrets"),
        ({"public_url": "https://user:password@host/"}, "public_url"),
        ({"public_url": "https://host/?q=1"}, "public_url"),
        ({"trusted_proxies": ["10.0.0.0/99"]}, "trusted_proxies"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"secret": SECRET}, "did you mean 'secrets'"),
    ],
)
def test_a_wrong_table_is_one_line(table: dict[str, Any], said: str) -> None:
    """It names the option, and shows no value."""
    with pytest.raises(ConfigurationError) as caught:
        open_receiver(load({"providers": PROVIDERS, "inbound": table}), tell=tell)

    line = str(caught.value)
    assert said in line
    assert "\n" not in line
    for private in (SECRET, "short", "password@", "aaaa"):
        assert private not in line
