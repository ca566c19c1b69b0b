"""`PrivacyRules`: what is shown and kept of faults and refusals, and what the environment adds."""

# ruff: noqa: S101 - a rule is an assertion

from __future__ import annotations

import base64
import logging
from contextlib import closing
from pathlib import Path
from typing import Final

import attrs
import pytest

from sumotext_backend.backend import SmsBackend
from sumotext_backend.testing.hostile.gateway import HostileGateway
from sumotext_backend.testing.leaks import LeakFinder
from sumotext_backend.testing.rules import faults
from sumotext_backend.testing.rules.assertions import assert_accepted, assert_no_leak
from sumotext_backend.testing.rules.setup import ROOMY, HttpSetup

_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_LOGIN: Final = ("netrc-login", "netrc-passw0rd")
_COOKIE: Final = b"Set-Cookie: session=hostile; path=/"


class PrivacyRules(HttpSetup):
    """Rules about what others learn."""

    @pytest.mark.parametrize("fault", faults.LEAK_PRONE)
    def test_nothing_private_is_shown_of_a_fault(
        self, fault: str, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
    ) -> None:
        """What went wrong is told without number, text or secret."""
        caplog.set_level(logging.DEBUG)
        with self.serve(fault) as gateway, closing(self.connect(gateway)) as backend:
            finder = LeakFinder(self.number, backend)
            result = backend.send(self.message(finder.text))

            assert_no_leak(finder.search_output(result, caplog, recwarn))
            assert finder.search_state(backend) == [], f"the backend keeps the text upon {fault}"

    def test_nothing_private_is_shown_of_a_refusal(
        self,
        subject: SmsBackend,
        caplog: pytest.LogCaptureFixture,
        recwarn: pytest.WarningsRecorder,
    ) -> None:
        """A refusal, known or not, is told without number, text or secret, and is not kept."""
        caplog.set_level(logging.DEBUG)
        finder = LeakFinder(self.number, subject)
        for reply in (*self.refused().values(), *self.unknown()):
            result = self.answer(subject, reply, finder.text)

            assert_no_leak(finder.search_output(result, caplog, recwarn))
        kept = finder.search_state(subject)

        assert kept == [], f"the backend keeps of a refusal: {', '.join(kept)}"

    @pytest.mark.parametrize("status", faults.QUOTING)
    def test_an_answer_that_quotes_the_request_is_not_shown(
        self,
        status: str,
        subject: SmsBackend,
        caplog: pytest.LogCaptureFixture,
        recwarn: pytest.WarningsRecorder,
    ) -> None:
        """Servers repeat a request in their errors; number, text and secret go no further."""
        caplog.set_level(logging.DEBUG)
        finder = LeakFinder(self.number, subject)
        for quote in (faults.quote_in_text(status), faults.quote_in_json(status)):
            result = self.answer(subject, quote, finder.text)

            assert_no_leak(finder.search_output(result, caplog, recwarn))

    @pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
    def test_the_environment_names_no_proxy(
        self, *, tls: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """``HTTP_PROXY`` and its like are not followed: a proxy would read number and text."""
        with (
            HostileGateway("N17-502") as trap,
            self.serve(tls=tls) as gateway,
            closing(self.connect(gateway, ROOMY)) as backend,
        ):
            for name in _PROXIES:
                monkeypatch.setenv(name, trap.url)
                monkeypatch.setenv(name.lower(), trap.url)
            for name in ("NO_PROXY", "no_proxy"):
                monkeypatch.delenv(name, raising=False)
            result = backend.send(self.message())

            assert trap.connections == 0, "a text went to the proxy that the environment names"
            assert_accepted(result)

    def test_the_environment_gives_no_login(
        self, subject: SmsBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A login in ``.netrc`` is not sent: it was meant for somebody else."""
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login {} password {}\n".format(*_LOGIN))
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        assert_accepted(subject.send(self.message()))

        login = base64.b64encode(":".join(_LOGIN).encode())
        assert login not in self.gateway.requests[0].head, "the login of .netrc was sent"

    def test_no_cookie_is_kept(self, subject: SmsBackend) -> None:
        """What a server wants remembered of one text is not said with the next."""
        reply = self.accepted()
        self.gateway.play(attrs.evolve(reply, headers=(*reply.headers, _COOKIE)))
        for _ in range(2):
            assert_accepted(subject.send(self.message()))

        assert "cookie" not in self.gateway.requests[1].headers, "a cookie was kept and sent"
