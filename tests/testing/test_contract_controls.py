"""Negative controls of the contract kit: each kind of bad backend breaks the rule against it."""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import attrs
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from sumotext_backend import Message, Reason, SendResult, SmsBackend
from sumotext_backend.local import MemoryBackend
from sumotext_backend.models import Verdict
from sumotext_backend.testing import BackendContract, HttpBackendContract, Reply

pytestmark = pytest.mark.once

log = logging.getLogger("bad")


@attrs.frozen(kw_only=True)
class Raises(MemoryBackend):
    """Raises upon what it cannot encode."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        message.text.encode("latin-1")
        return super().send(message)


@attrs.frozen(kw_only=True)
class SendsTwice(MemoryBackend):
    """Sends, and sends again."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        super().send(message)
        return super().send(message)


@attrs.frozen(kw_only=True)
class SendsAnything(MemoryBackend):
    """Checks nothing."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        self.outbox.append(message)
        return SendResult.of(self.name, message, Verdict(message_id="1"))


@attrs.frozen(kw_only=True)
class Logs(MemoryBackend):
    """Logs what it sends."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        log.debug("sending %s", message.text)
        return super().send(message)


@attrs.frozen(kw_only=True)
class Tells(MemoryBackend):
    """Says in the detail whom it texted."""

    def send(self, message: Message) -> SendResult:
        """Send."""
        return attrs.evolve(super().send(message), detail=f"texted {message.to}")


@attrs.frozen(kw_only=True)
class ShowsItsSecret(MemoryBackend):
    """Declares a secret, and shows it."""

    token: str = attrs.field(metadata={"help": "a token", "secret": True})


@attrs.frozen(kw_only=True)
class HoldsALock(MemoryBackend):
    """Cannot pickle."""

    lock: Any = attrs.field(init=False, factory=threading.Lock, repr=False)


@attrs.frozen(kw_only=True)
class DiesWhenClosed(MemoryBackend):
    """Works until it is closed."""

    closed: list[int] = attrs.field(init=False, factory=list)

    def send(self, message: Message) -> SendResult:
        """Send."""
        if self.closed:
            raise OSError
        return super().send(message)

    def close(self) -> None:
        """Close for good."""
        self.closed.append(1)


@attrs.frozen(kw_only=True)
class SharesOneAnswer(MemoryBackend):
    """Keeps the last result where all threads see it."""

    last: list[SendResult] = attrs.field(init=False, factory=list)

    def send(self, message: Message) -> SendResult:
        """Send."""
        self.last[:] = [super().send(message)]
        time.sleep(0.001)
        return self.last[0]


@attrs.frozen(kw_only=True)
class Undeclared(MemoryBackend):
    """A DSN form that belongs to another, an option without help, one of a type that is none."""

    name: ClassVar[str] = "Not A Name"
    dsn: ClassVar[str] = "other://{nowhere}"
    options: dict[str, str] = attrs.field(factory=dict)


OPTIONS: dict[type[MemoryBackend], dict[str, str]] = {ShowsItsSecret: {"token": "s3cret-t0ken"}}
EVERY_TEXT = "test_every_text_ends_as_one_result"
NO_TEXT = "test_what_is_no_text_is_rejected"
NO_NUMBER = "test_what_is_no_number_is_rejected"
PRIVATE = "test_nothing_private_is_shown"
BAD = [
    (Raises, EVERY_TEXT, {"text": "\u20ac"}),
    (SendsTwice, "test_a_text_is_sent_once", {}),
    (SendsTwice, EVERY_TEXT, {"text": "a"}),
    (SendsTwice, "test_threads_share_it", {}),
    (SendsAnything, NO_TEXT, {"text": ""}),
    (SendsAnything, NO_NUMBER, {"to": "hello"}),
    (SendsAnything, "test_threads_share_it", {}),
    (Logs, PRIVATE, {}),
    (Tells, PRIVATE, {}),
    (ShowsItsSecret, "test_a_repr_shows_no_secret", {}),
    (HoldsALock, "test_a_pickled_copy_sends", {}),
    (DiesWhenClosed, "test_it_closes_twice_and_sends_again", {}),
    (SharesOneAnswer, "test_threads_share_it", {}),
    (Undeclared, "test_its_name_can_be_configured", {}),
    (Undeclared, "test_its_dsn_form_fits_its_options", {}),
    (Undeclared, "test_its_options_can_be_configured", {}),
]


class Kit(BackendContract):
    """The contract of some class of this module; pytest does not collect it."""

    entry_point = True

    def __init__(self, cls: type[MemoryBackend] = MemoryBackend) -> None:
        """Test instances of ``cls``."""
        self.cls = cls

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return self.cls(**OPTIONS.get(self.cls, {}))

    def sent(self, backend: SmsBackend) -> int:
        """How many are kept."""
        assert isinstance(backend, MemoryBackend)
        return len(backend.outbox)


def run(
    kit: BackendContract, rule: str, given: Mapping[str, Any], request: pytest.FixtureRequest
) -> None:
    """Run one rule of ``kit`` as pytest would."""
    test = getattr(kit, rule)
    wanted = set(inspect.signature(test).parameters) - {*given, "subject"}
    fixtures = {name: request.getfixturevalue(name) for name in wanted}
    if "subject" not in inspect.signature(test).parameters:
        test(**given, **fixtures)
        return
    with kit.opened() as subject:
        test(subject=subject, **given, **fixtures)


@pytest.mark.parametrize(("cls", "rule", "given"), BAD)
def test_control_a_bad_backend_is_caught(
    cls: type[MemoryBackend], rule: str, given: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """The rule fails for the bad backend, and not for the good one that it is made of."""
    run(Kit(), rule, given, request)
    request.getfixturevalue("caplog").clear()

    with pytest.raises(Exception):  # noqa: B017, PT011 - what is bad may raise anything
        run(Kit(cls), rule, given, request)


def test_control_what_is_not_installed_is_caught(request: pytest.FixtureRequest) -> None:
    """Another class under an installed name breaks the rule of the entry point."""
    with pytest.raises(AssertionError):
        run(Kit(Logs), "test_its_entry_point_finds_it", {}, request)


@attrs.frozen(kw_only=True)
class Naive(SmsBackend):
    """What a program writes that calls requests in the obvious way, with retries."""

    name: ClassVar[str] = "naive"

    base_url: str
    timeout: float
    connect_timeout: float
    ca_bundle: str | None = None

    def send(self, message: Message) -> SendResult:
        """Send."""
        try:
            verdict = self._sent(message)
        except requests.RequestException as error:
            log.warning("%s could not be texted: %s", message.to, error)
            verdict = Verdict(reason=Reason.UNREACHABLE, detail=str(error))
        return SendResult.of(self.name, message, verdict)

    def _sent(self, message: Message) -> Verdict:
        with requests.Session() as session:
            adapter = HTTPAdapter(max_retries=Retry(1, allowed_methods=None))
            session.mount("http://", adapter)
            answer = session.post(
                self.base_url,
                params={"mobile": message.to, "msg": message.text},
                timeout=(self.connect_timeout, self.timeout),
                verify=False,
            )
        answer.raise_for_status()
        return Verdict(message_id=answer.text.partition(":")[2].strip() or "none")


class NaiveKit(HttpBackendContract):
    """The contract of `Naive`; pytest does not collect it."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return Naive(**options)

    def accepted(self) -> Reply:
        """A line."""
        return Reply(b"{mobile}:{smsid}")

    def refused(self) -> Mapping[Reason, Reply]:
        """A code."""
        return {Reason.NOT_OPTED_IN: Reply(b"{mobile}:NOTOPT")}


FAULT = "test_a_fault_has_one_right_answer"
OVER_TLS = "test_a_fault_over_tls_has_one_right_answer"
NAIVE = [
    *((FAULT, {"fault": fault}) for fault in ("U01", "U04", "U05", "U06", "U11", "U17-302")),
    *(
        (FAULT, {"fault": fault})
        for fault in ("U21-500", "U22", "U24", "U25-portal", "U31-corrupt")
    ),
    *((OVER_TLS, {"fault": fault}) for fault in ("N14", "N15", "N16")),
    *(("test_nothing_private_is_shown_of_a_fault", {"fault": fault}) for fault in ("N08", "U18")),
    ("test_a_used_connection_makes_no_difference", {"fault": "U05"}),
    ("test_half_an_acceptance_is_a_doubt", {}),
    ("test_half_a_refusal_is_a_doubt", {}),
    ("test_refusals_are_told_apart", {}),
    ("test_the_environment_names_no_proxy", {}),
    ("test_nothing_private_is_shown", {}),
    (NO_NUMBER, {"to": "hello"}),
]


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize(("rule", "given"), NAIVE)
def test_control_the_obvious_client_is_caught(
    rule: str, given: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """Rules of HTTP that plain requests with retries breaks."""
    with pytest.raises(AssertionError):
        run(NaiveKit(), rule, given, request)


def test_control_the_obvious_client_can_send(request: pytest.FixtureRequest) -> None:
    """It does accept what is accepted, so the rules above fail for their own reasons."""
    run(NaiveKit(), "test_an_acceptance_is_understood", {}, request)
    run(NaiveKit(), "test_a_text_is_sent_once", {}, request)
