"""Nothing private leaves: not in a log, a repr, an error, a pickle, a warning or a traceback."""

from __future__ import annotations

import contextlib
import logging
import pickle
import signal
import traceback
import warnings
from collections.abc import Iterator

import attrs
import matrix
import pytest
import requests
from matrix import CONNECT, DEADLINE, ONLY_TLS, Row

from sumotext_backend import Message, Sender, SendError, SendResult
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.testing import FAULTS, HostileGateway

NUMBER = "5015559876"
TEXT = "canary text sings"
KEYWORD = "CANARYKEY"
WORDS = (TEXT, TEXT.replace(" ", "%20"), TEXT.replace(" ", "+"), "canary", KEYWORD)
ROWS = [row for row in matrix.rows() if FAULTS[row.fault].row not in ("U07", "S09")]


class Everything(logging.Handler):
    """Keeps what every logger says, in full."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text of a record, its arguments and its traceback."""
        self.said += [self.format(record), repr(record.args), repr(record.__dict__)]


@contextlib.contextmanager
def listening() -> Iterator[Everything]:
    """All loggers at DEBUG, those of urllib3 and ours by name as well, and all warnings."""
    handler, root = Everything(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield handler
        handler.said += [str(warning.message) for warning in caught]
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def send(gateway: HostileGateway, transport: str) -> SendResult:
    """One send of the canaries, by the driver named."""
    backend = SumotextBackend(
        shortcode="74700",
        keyword=KEYWORD,
        carrier="ATTUS",
        base_url=gateway.url,
        ca_bundle=str(gateway.ca_bundle) if gateway.ca_bundle else None,
        timeout=DEADLINE / 2,
        connect_timeout=CONNECT / 2,
        transport=transport,  # type: ignore[arg-type]
    )
    with Sender(backend) as sms:
        return sms.send(Message(NUMBER, TEXT))


def traces(result: SendResult) -> dict[str, str]:
    """Everything a program may show of a result, by kind."""
    try:
        result.raise_for_outcome()
    except SendError as error:
        shown = {
            "error": f"{error} {error!r}",
            "traceback": "".join(traceback.format_exception(error)),
            "chain": f"{error.__context__!r} {error.__cause__!r}",
            "pickled error": pickle.dumps(error, protocol=0).decode("latin-1"),
        }
    else:
        shown = {}
    return shown | {
        "repr": f"{result} {result!r} {result.detail} {result.reason}",
        "pickle": pickle.dumps(result, protocol=0).decode("latin-1"),
        "json": str(result.to_dict()),
    }


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("row", matrix.parameters(ROWS))
def test_a_send_keeps_its_secrets(row: Row, tls: bool, transport: str) -> None:
    """Text and keyword appear nowhere; the number only in the fields ``to`` and ``raw``."""
    if FAULTS[row.fault].row in ONLY_TLS and not tls:
        pytest.skip("a fault of TLS")
    with listening() as ears, HostileGateway(row.fault, tls=tls) as gateway:
        result = send(gateway, transport)
    shown = traces(result) | {"log": "\n".join(ears.said)}
    blank = traces(attrs.evolve(result, to="", raw=""))

    for kind, words in shown.items():
        assert not [word for word in WORDS if word in words], kind
    for kind in ("repr", "log", "error", "traceback", "chain"):
        assert NUMBER not in shown.get(kind, ""), kind
    assert NUMBER not in "".join(blank.values())
    assert ears.said


def test_control_bare_requests_leaks_everywhere() -> None:
    """The same send with plain requests shows the text in each of these places."""
    leaks: set[str] = set()
    for fault in ("S01", "N08", "U06"):
        with listening() as ears, HostileGateway(fault) as gateway:
            try:
                requests.get(
                    f"{gateway.url}/secure/sumoSend.aspx",
                    params={"mobile": NUMBER, "msg": TEXT},
                    timeout=CONNECT,
                )
            except requests.RequestException as error:
                shown = {
                    "str": str(error),
                    "repr": repr(error),
                    "traceback": "".join(traceback.format_exception(error)),
                    "pickle": pickle.dumps(error.request.url, protocol=0).decode("latin-1"),
                    "chain": repr(vars(error.request)),
                }
            else:
                shown = {}
        shown["log"] = "\n".join(ears.said)
        leaks |= {kind for kind, words in shown.items() if "canary" in words}

    assert {"log", "str", "repr", "traceback", "pickle", "chain"} == leaks


def test_others_keep_their_logs(transport: str) -> None:
    """Only records of our own requests are held back: a program's other use of urllib3 logs on."""
    with HostileGateway("S01") as gateway:
        send(gateway, transport)
        with listening() as ears:
            requests.get(f"{gateway.url}/elsewhere?mobile=1", timeout=CONNECT)

    assert "/elsewhere" in "".join(ears.said)


def test_a_backend_shows_no_keyword() -> None:
    """The repr of a backend has its short code, but neither keyword nor proxy."""
    backend = SumotextBackend(
        shortcode="74700", keyword=KEYWORD, proxy="http://user:canary@127.0.0.1:1"
    )

    assert KEYWORD not in repr(backend)
    assert "canary" not in repr(backend)


def test_a_send_within_a_send_stays_private(transport: str) -> None:
    """A signal handler that texts while this thread is sending does not end the silence."""
    with HostileGateway("U06") as slow, HostileGateway("S07") as quick, listening() as ears:
        previous = signal.signal(signal.SIGALRM, lambda *_: send(quick, transport) and None)
        signal.setitimer(signal.ITIMER_REAL, DEADLINE / 8)
        try:
            send(slow, transport)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)

    assert 1 == quick.gets
    assert not [word for word in (*WORDS, NUMBER) if word in "".join(ears.said)]


@pytest.mark.parametrize("field", ["to", "text", "sender", "ref"])
def test_a_wrong_type_shows_no_value(field: str) -> None:
    """An int for a number is a common slip, and errors travel to trackers."""
    fields: dict[str, object] = {"to": NUMBER, "text": TEXT, field: [NUMBER, TEXT]}

    with pytest.raises(TypeError) as caught:
        Message(**fields)  # type: ignore[arg-type]

    shown = f"{caught.value!r} {caught.value.args}"
    assert field in shown
    assert NUMBER not in shown
    assert TEXT not in shown
