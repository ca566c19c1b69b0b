"""Apprise's services as backends: what a yes and a no of Apprise's prove."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest

from sumotext_backend import (
    ConfigurationError,
    Message,
    Outcome,
    Reason,
    SendResult,
    connect,
)

pytest.importorskip("apprise")

from sumotext_apprise import AppriseBackend

SID = f"AC{'0' * 32}:{'1' * 32}"


class Service(ThreadingHTTPServer):
    """What Apprise's json:// talks to; ``status`` is its answer."""

    status = 200

    def __init__(self) -> None:
        """Listen on loopback."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        """Apprise's URL of this service, with the place of the number."""
        return f"json://127.0.0.1:{self.server_port}/{{to}}"


class Handler(BaseHTTPRequestHandler):
    """Takes every POST."""

    server: Service

    def do_POST(self) -> None:
        """Keep the path and answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that runs."""
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def sent(url: str, to: str = "5015551234", text: str = "hello", **fields: Any) -> SendResult:
    """What the backend says of one message."""
    return AppriseBackend(url=url).send(Message(to, text, **fields))


def test_yes_is_accepted_without_an_id(service: Service) -> None:
    """A yes of Apprise's is ACCEPTED; the number went where {to} is, and there is no id."""
    result = sent(service.url)

    assert Outcome.ACCEPTED is result.outcome
    assert result.message_id is None
    assert ["/%2B15015551234"] == [quote(path, safe="/%") for path in service.paths]


def test_no_is_a_doubt(service: Service) -> None:
    """A no of Apprise's does not tell whether the text went, and is not tried again."""
    service.status = 500

    result = sent(service.url)

    assert Outcome.UNKNOWN is result.outcome
    assert 1 == len(service.paths)
    assert "JSON did not confirm" in result.detail


def test_a_bad_number_never_reaches_apprise(service: Service) -> None:
    """A number or text that nobody could send is REJECTED by ourselves."""
    results = [sent(service.url, "12"), sent(service.url, text="")]

    assert [Reason.INVALID_RECIPIENT, Reason.INVALID_MESSAGE] == [each.reason for each in results]
    assert [] == service.paths


def test_options_per_message_are_not_ignored(service: Service) -> None:
    """There are none; a message that has some is surely not sent."""
    result = sent(service.url, options={"apprise": {"carrier": "ATTUS"}})

    assert Reason.CONFIGURATION is result.reason
    assert [] == service.paths


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("json://127.0.0.1/", "wants {to} once"),
        ("json://127.0.0.1/{to}/{to}", "wants {to} once"),
        ("nosuch://secret/{to}", "is not a URL that Apprise can load"),
        ("twilio://secret:secret@1/{to}", "is not a URL that Apprise can load"),
        ("json://127.0.0.1/{to}?retry=2", "lets Apprise retry"),
        (f"twilio://{SID}@15015550000/{{to}}/15015550199", "names others beside {to}"),
        (f"twilio://{SID}@15015550000/{{to}}?to=15015550199", "names others beside {to}"),
        ("clicksend://secret:secret@15015550199/{to}?batch=yes", "names others beside {to}"),
        ("bulksms://secret:secret@{to}/@staff?batch=yes", "names others beside {to}"),
        ("sns://AHIAJGNT76XIMXDBIJYA/secret/us-east-2/{to}/staff", "names others beside {to}"),
    ],
)
def test_a_wrong_url_is_one_line(url: str, line: str) -> None:
    """A URL that cannot be is refused before anything is sent, and not shown: it holds secrets."""
    with pytest.raises(ConfigurationError) as caught:
        AppriseBackend(url=url)

    assert line in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        f"twilio://{SID}@15015550000/{{to}}",
        "clicksend://secret:secret@{to}?batch=yes",
        "bulksms://secret:secret@{to}",
        "smseagle://secret@localhost/{to}?batch=yes",
    ],
)
def test_a_url_that_names_the_number_alone_is_taken(url: str) -> None:
    """Control: nobody else would get the text."""
    assert url == AppriseBackend(url=url).url


def test_it_is_one_of_our_backends(service: Service) -> None:
    """A configuration names it as `apprise`, in a DSN percent-encoded."""
    with connect({"backend": "apprise", "url": service.url}) as sms:
        assert Outcome.ACCEPTED is sms.send(Message("5015551234", "hello")).outcome
    with connect(f"apprise://?url={quote(service.url, safe='')}") as sms:
        assert Outcome.ACCEPTED is sms.send(Message("5015551234", "hello")).outcome
    assert "json" not in repr(sms)


def test_apprise_logs_nothing_private(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """While a text of ours is sent, neither Apprise nor urllib3 logs its number or its words."""
    caplog.set_level(1)
    logging.getLogger("urllib3").setLevel(1)
    for service.status in (200, 500):
        sent(service.url, text="the secret text")

    lines = [record.getMessage() for record in caplog.records]
    assert any("JSON" in line for line in lines)
    assert [] == [line for line in lines if "secret" in line or "5015551234" in line]


def test_other_notifications_keep_their_logs(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """What the program sends through Apprise itself is logged as ever."""
    import apprise

    sent(service.url)
    caplog.set_level(1)

    apprise.Apprise.instantiate(service.url.replace("{to}", "x")).notify(body="loud and clear")

    assert "loud and clear" in caplog.text
