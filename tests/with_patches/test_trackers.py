"""Trackers of errors and traces, with their defaults, get neither number, text nor keyword."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sumotext_backend.testing import HostileGateway

CANARIES = ("5015559876", "canary", "CANARYKEY")

START = """
import json, signal, sys
way, url = sys.argv[1:]
KEY, NUMBER, TEXT = "CANARYKEY", "5015559876", "canary sings"

def send():
    if way == "bare":
        import requests
        query = {"mobile": NUMBER, "key": KEY, "msg": TEXT}
        try:
            requests.get(url + "/secure/sumoSend.aspx", params=query, timeout=0.5)
        except requests.RequestException:
            pass
        return
    from sumotext_backend import Message, connect
    sms = connect(f"sumotext://74700/{KEY}?carrier=ATTUS&timeout=0.5&base_url={url}")
    sms.send(Message(NUMBER, TEXT))
"""

SENTRY = """
import sentry_sdk

class Kept(sentry_sdk.transport.Transport):
    said = []

    def capture_envelope(self, envelope):
        self.said.append(envelope.serialize().decode("utf-8", "replace"))

sentry_sdk.init(dsn="http://key@127.0.0.1:9/1", transport=Kept, traces_sample_rate=1.0)
with sentry_sdk.start_transaction(name="texts"):
    send()
    sentry_sdk.capture_message("done")
sentry_sdk.flush()
print(json.dumps(Kept.said))
"""

TELEMETRY = """
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

kept, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(kept))
URLLib3Instrumentor().instrument(tracer_provider=provider)
with provider.get_tracer("texts").start_as_current_span("texts"):
    send()
print(json.dumps([span.to_json() for span in kept.get_finished_spans()]))
"""


@pytest.mark.parametrize("fault", ["S01", "U04", "U06", "R06-403"])
@pytest.mark.parametrize("tracker", [SENTRY, TELEMETRY], ids=["sentry", "opentelemetry"])
def test_a_send_is_not_exported(tracker: str, fault: str, run: Callable[..., Any]) -> None:
    """Spans and breadcrumbs of http.client and urllib3 hold the whole URL; a send makes none."""
    with HostileGateway(fault) as gateway:
        said = run(START + tracker, "ours", gateway.url)

        assert 1 == gateway.gets
    assert said
    assert [] == [canary for canary in CANARIES if canary in "".join(said)]


@pytest.mark.parametrize("tracker", [SENTRY, TELEMETRY], ids=["sentry", "opentelemetry"])
def test_control_bare_requests_is_exported(tracker: str, run: Callable[..., Any]) -> None:
    """The same send by bare requests shows number, text and keyword."""
    with HostileGateway("S01") as gateway:
        said = run(START + tracker, "bare", gateway.url)

    assert list(CANARIES) == [canary for canary in CANARIES if canary in "".join(said)]


EXIT = """
import sentry_sdk

def leave(*_):
    raise SystemExit(1)

kept = []
sentry_sdk.init(
    dsn="http://key@127.0.0.1:9/1",
    before_send=lambda event, _hint: kept.append(event),
    include_source_context=False,
)
from sumotext_backend.http import HttpBackend, Request

class Backend(HttpBackend):
    name = "texts"

    def request(self, message, number):
        raise NotImplementedError

    def read(self, response, number):
        raise NotImplementedError

import requests
from sumotext_backend import Message, connect

backend = Backend(base_url=url, timeout=5)
name, _, transport = way.removesuffix(" alone").partition(" by ")
login = "apikey-of-nobody@" if name == "sumotext-v2" else ""
options = f"carrier=ATTUS&timeout=5&transport={transport or 'sockets'}"
main = f"{name}://{login}74700/CANARYKEY?{options}&base_url={url}"
chain = connect(f"{main} || null://" if "sumotext" in way else "null://")
request = Request(target="/secure/sumoSend.aspx?mobile=5015559876&key=CANARYKEY&msg=canary")
try:
    signal.signal(signal.SIGALRM, leave)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    if way == "bare":
        requests.get(url + request.target, timeout=5)
    elif way == "exchange":
        backend.exchange(request)
    else:
        sender = chain.backend if way.endswith(" alone") else chain
        sender.send(Message("5015559876", "canary sings"))
except SystemExit as error:
    sentry_sdk.capture_exception(error)
[event] = kept
print(json.dumps([
    frame.get("vars", {})
    for exception in event["exception"]["values"]
    for frame in exception["stacktrace"]["frames"]
    if frame["module"] != "__main__"
]))
"""


WAYS = [
    "exchange",
    "sumotext",
    "sumotext alone",
    "sumotext by requests",
    "sumotext-v2",
    "sumotext-v2 alone",
    "sumotext-v2 by requests",
    "bare",
]


@pytest.mark.parametrize("way", WAYS)
def test_an_exit_in_the_middle_shows_no_query(way: str, run: Callable[..., Any]) -> None:
    """A tracker shows each frame's locals; with bare requests (a control) they hold the query.

    A sender hides the frames inside it; a chain alone has them, and they hold nothing private.
    """
    with HostileGateway("U06") as gateway:
        shown = run(START + EXIT, way, gateway.url)

        assert 1 == len(gateway.requests)
    leaked = [canary for canary in CANARIES if canary in str(shown)]
    assert (list(CANARIES) if way == "bare" else []) == leaked
    if way in ("exchange", "bare") or way.endswith(" alone"):
        assert len(shown) >= 4
    else:
        assert 1 == len(shown)
