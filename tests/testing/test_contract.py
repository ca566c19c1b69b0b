"""Our own backends keep the contract that strangers' are held to; bad ones are caught by it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from independent_backend import FormBackend, PlainBackend
from providers import (
    test_aws,
    test_bandwidth,
    test_clicksend,
    test_elks,
    test_gateway,
    test_infobip,
    test_kannel,
    test_messagebird,
    test_plivo,
    test_sinch,
    test_telnyx,
    test_twilio,
    test_vonage,
)

from sumotext_backend import Message, Reason, SmsBackend
from sumotext_backend.local import ConsoleBackend, FileBackend, MemoryBackend, NullBackend
from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend
from sumotext_backend.routing import Fallback, Redirect, Retry, RoundRobin
from sumotext_backend.testing import BackendContract, HttpBackendContract, Reply
from sumotext_backend.testing.features import feature_table

pytestmark = pytest.mark.once

ACCOUNT = {"shortcode": "74700", "keyword": "CANARYKEY", "carrier": "ATTUS"}


def legacy(**options: Any) -> SumotextBackend:
    """The legacy gateway's backend."""
    return SumotextBackend(**(ACCOUNT | options))


class TestSumotext(HttpBackendContract):
    """The legacy gateway."""

    entry_point = True

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return legacy(**options)

    def accepted(self) -> Reply:
        """The documented first line, and a page after it."""
        return Reply(b"{mobile}:{message_id}\r\n<!DOCTYPE html><html></html>\r\n")

    def refused(self) -> Mapping[Reason, Reply]:
        """The three codes."""
        return {
            Reason.UNAUTHORIZED: Reply(b"{mobile}:NOTIP\r\n"),
            Reason.NOT_OPTED_IN: Reply(b"{mobile}:NOTOPT\r\n"),
            Reason.NOT_SUBSCRIBED: Reply(b"{mobile}:NOTFOUND\r\n"),
        }


class TestSumotextV2(HttpBackendContract):
    """The newer API."""

    entry_point = True

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return SumotextV2Backend(**(ACCOUNT | {"apikey": "s3cret-4p1-key"} | options))

    def accepted(self) -> Reply:
        """An id and ErrNum 0."""
        return Reply(b'{"sumoId": "{message_id}", "Err": {"ErrNum": 0, "ErrMessage": ""}}')

    def refused(self) -> Mapping[Reason, Reply]:
        """Error numbers."""
        numbers = {Reason.CONFIGURATION: 9, Reason.UNAUTHORIZED: 258, Reason.NOT_OPTED_IN: 27}
        body = b'{"sumoId": "", "Err": {"ErrNum": %d, "ErrMessage": "no"}}'
        return {reason: Reply(body % number) for reason, number in numbers.items()}


class TestConsole(BackendContract):
    """Prints."""

    entry_point = True

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return ConsoleBackend(**options)


class TestNull(BackendContract):
    """Forgets."""

    entry_point = True

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return NullBackend(**options)


class TestMemory(BackendContract):
    """Keeps."""

    entry_point = True

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return MemoryBackend(**options)

    def sent(self, backend: SmsBackend) -> Sequence[Iterable[str]]:
        """What is kept."""
        return list_outboxes(backend)


class TestFile(BackendContract):
    """Writes."""

    entry_point = True
    path: Path

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return FileBackend(path=self.path)

    @contextmanager
    def opened(self) -> Iterator[SmsBackend]:
        """One with a file of its own."""
        with tempfile.TemporaryDirectory() as folder:
            self.path = Path(folder) / "outbox.jsonl"
            with super().opened() as backend:
                yield backend

    def sent(self, backend: SmsBackend) -> Sequence[Iterable[str]]:
        """The lines of the file."""
        lines = self.path.read_bytes().splitlines() if self.path.exists() else []
        return [(line["to"], line["text"]) for line in map(json.loads, lines)]


def list_outboxes(backend: SmsBackend) -> list[tuple[str, str]]:
    """Number and text of each message that the memory backends below ``backend`` hold."""
    if isinstance(backend, MemoryBackend):
        return [(message.to, message.text) for message in backend.outbox]
    assert isinstance(backend, Fallback | RoundRobin | Retry | Redirect)
    below = (backend.of,) if isinstance(backend, Retry | Redirect) else backend.chain
    return [each for inner in below for each in list_outboxes(inner)]


class OverMemory(BackendContract):
    """A composite of memory backends."""

    entry_point = True

    def sent(self, backend: SmsBackend) -> Sequence[Iterable[str]]:
        """What is kept."""
        return list_outboxes(backend)


class TestFallback(OverMemory):
    """Whose first provider is down."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return Fallback(chain=(MemoryBackend(reason="UNREACHABLE"), MemoryBackend()))


class TestRoundRobin(OverMemory):
    """Of two."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return RoundRobin(chain=(MemoryBackend(), MemoryBackend()), weights=(2, 1))


class TestRetry(OverMemory):
    """Of one."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return Retry(of=MemoryBackend())


class TestRedirectAllow(OverMemory):
    """Only to one number."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return Redirect(of=MemoryBackend(), allow=(self.number, self.other_number))


class TestRedirectTo(OverMemory):
    """Everything to another number."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return Redirect(of=MemoryBackend(), to="+15015559999")

    def test_each_text_goes_to_its_own_number(self, subject: SmsBackend) -> None:
        """All go to the one number, which is what it is for."""
        for number in (self.number, self.other_number):
            subject.send(Message(number, "hello"))

        assert [("+15015559999", "hello")] * 2 == self.sent(subject)


class TestFallbackOverHttp(TestSumotext):
    """Two accounts at the legacy gateway: the second is asked only after a certain failure."""

    tries = 2
    timeout = 0.3

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        chain = (legacy(**options), legacy(**options))
        return Fallback(chain=chain, timeout=options["timeout"])


class TestRoundRobinOverHttp(TestSumotext):
    """Two accounts in turn."""

    tries = 2
    timeout = 0.3

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        chain = (legacy(**options), legacy(**options))
        return RoundRobin(chain=chain, timeout=options["timeout"])


class TestRetryOverHttp(TestSumotext):
    """One account, again where that is safe."""

    tries = 3
    timeout = 0.3

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return Retry(of=legacy(**options), base=0.01, timeout=options["timeout"])


class TestRedirectOverHttp(TestSumotext):
    """One account, for one number."""

    timeout = 0.3

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return Redirect(of=legacy(**options), allow=(self.number, self.other_number))


class TestPlain(HttpBackendContract):
    """A backend that has a transport of its own, of a provider that refuses in a 4xx."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return PlainBackend(**{"token": "s3cret-t0ken", **options})

    def accepted(self) -> Reply:
        """An id."""
        return Reply.json({"id": "{message_id}"}, "202 Accepted")

    def refused(self) -> Mapping[Reason, Reply]:
        """Errors, each with its status."""
        return {
            Reason.NOT_OPTED_IN: Reply.json({"error": "opted_out"}, "400 Bad Request"),
            Reason.UNAUTHORIZED: Reply.json({"error": "bad_token"}, "401 Unauthorized"),
            Reason.THROTTLED: Reply.json({"error": "slow_down"}, "429 Too Many Requests"),
        }


class TestForm(HttpBackendContract):
    """A provider that takes forms, makes ids its own way, and repeats the number."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return FormBackend(**{"token": "s3cret-t0ken", **options})

    def message_id(self) -> str:
        """``SM`` and 32 digits."""
        return f"SM{uuid.uuid4().hex}"

    def accepted(self) -> Reply:
        """An id, and the number as it was given under ``To``."""
        return Reply.json({"sid": "{message_id}", "to": "{To}"}, "201 Created")

    def refused(self) -> Mapping[Reason, Reply]:
        """Codes, each in a 4xx."""
        return {
            reason: Reply.json({"code": code, "message": "No.", "status": 400}, "400 Bad Request")
            for code, reason in FormBackend.codes.items()
        }


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "feature-matrix.md"
MATRIX = (
    *(TestSumotext, TestSumotextV2),
    *(test_twilio.TestTwilio, test_vonage.TestVonage, test_telnyx.TestTelnyx),
    *(test_plivo.TestPlivo, test_bandwidth.TestBandwidth, test_aws.TestAws),
    *(test_kannel.TestKannel, test_infobip.TestInfobip, test_sinch.TestSinch),
    *(test_messagebird.TestMessageBird, test_clicksend.TestClickSend, test_elks.TestElks),
    test_gateway.TestJson,
    *(TestConsole, TestFile, TestMemory, TestNull),
)


@pytest.mark.skipif(not find_spec("botocore"), reason="needs the extra 'aws'")
def test_the_feature_matrix_is_what_the_backends_do() -> None:
    """The table of the page is made by asking the backends; paste it there if it has changed."""
    table = feature_table(contract() for contract in MATRIX)

    assert table in PAGE.read_text(), f"put this into {PAGE.name}:\n{table}"


def test_the_kit_imports_pytest_only_where_it_is_used() -> None:
    """The gateway works in a program that has no pytest."""
    code = (
        "import sys, sumotext_backend.testing as testing; assert 'pytest' not in sys.modules; "
        "testing.HttpBackendContract; assert 'pytest' in sys.modules"
    )

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
