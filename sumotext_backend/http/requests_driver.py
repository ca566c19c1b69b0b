"""`RequestsDriver`: one request, once, by requests, stripped of every second try.

For proxies, and where ``transport`` asks for it. It keeps the promises of `SocketDriver`, with
these limits, which come from requests and urllib3: their frames hold the whole URL while a request
is under way (`Sender.send` hides them); what patches them (Sentry, OpenTelemetry) sees it; TLS may
be refused where something replaced Python's own. Two methods that it overrides have private names:
``_new_conn`` and ``_tunnel`` of urllib3's and http.client's connections.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest

from sumotext_backend.deadline import Limits
from sumotext_backend.http import log_filter
from sumotext_backend.http.connection import MAX_IDLE_CONNECTIONS
from sumotext_backend.http.failures import StoppedError
from sumotext_backend.http.idle_limit import IdleLimit
from sumotext_backend.http.request import Request, fields_of
from sumotext_backend.http.requests_connections import Call, Lane
from sumotext_backend.http.requests_reading import read
from sumotext_backend.http.response import NoResponse, Response
from sumotext_backend.http.timed import TimedSSLSocket
from sumotext_backend.http.tls import make_context
from sumotext_backend.models import Reason


class _Prepared(PreparedRequest):
    """A request that carries the lane to go by."""

    lane: Lane


class _Adapter(HTTPAdapter):
    """requests' adapter, which leaves the choice of the connection to us.

    Its own `send` is called, not a `requests.Session`: a session follows redirects, reads their
    bodies, keeps cookies, and takes logins and proxies from the environment.
    """

    def get_connection_with_tls_context(self, request: Any, *_args: Any, **_kwargs: Any) -> Any:
        """Return the pool of the request's lane."""
        return request.lane.pool

    def cert_verify(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave verification to the TLS context, which always demands it."""

    def request_url(self, request: PreparedRequest, proxies: object) -> str:
        """Return what the driver put there."""
        return request.url or ""

    def build_response(self, req: PreparedRequest, resp: Any) -> Any:
        """Hand urllib3's response up as it is; requests' would read cookies from it."""
        return resp


class RequestsDriver:
    """Sends requests to one base URL, through ``proxy`` where there is one."""

    def __init__(self, base_url: str, ca_bundle: str | None, proxy: str | None) -> None:
        """Open nothing yet. Raises `OSError` or `ValueError` for what cannot be used."""
        log_filter.install()
        context = None
        if base_url.startswith("https:"):
            context = make_context(ca_bundle)
            context.sslsocket_class = TimedSSLSocket
        self._limit = IdleLimit()
        self._to = (base_url.rstrip("/"), proxy, context, self._limit)
        self._adapter = _Adapter(max_retries=0)
        self._lanes = deque([Lane(*self._to)], maxlen=MAX_IDLE_CONNECTIONS)

    def send(self, request: Request, limits: Limits) -> Response | NoResponse:
        """Send ``request``, once. Never raises for what a network or a server does."""
        lane = self._take_lane()
        call = lane.call = Call(limits)
        kept = False
        try:
            answer = log_filter.silently(lambda: self._converse(request, lane, call))
            kept = answer.ended
        except StoppedError as stopped:
            self._limit.learn(stopped.why, call.waited, time.monotonic())
            return stopped.why
        except Exception as error:  # noqa: BLE001 - the mark decides, whatever it was
            reason = Reason.CRASHED if call.started else Reason.UNAVAILABLE
            return NoResponse(reason, f"the exchange broke off ({type(error).__name__})")
        else:
            return answer
        finally:  # also for a SystemExit, say
            self._let_go(lane, call, kept=kept)

    def _converse(self, request: Request, lane: Lane, call: Call) -> Response:
        raw = self._adapter.send(_prepare(request, lane), stream=True)
        answer = read(raw, call.sock, request.enough)
        lane.rest(raw.headers.get("Keep-Alive"))
        return answer

    def close(self) -> None:
        """Close the connections that wait."""
        while self._lanes:
            self._take_lane().pool.close()

    def _take_lane(self) -> Lane:
        try:
            return self._lanes.pop()
        except IndexError:
            return Lane(*self._to)

    def _let_go(self, lane: Lane, call: Call, *, kept: bool) -> None:
        lane.call = None
        if kept:
            self._lanes.append(lane)
        elif call.sock is not None:
            call.sock.close()


def _prepare(request: Request, lane: Lane) -> _Prepared:
    prepared = _Prepared()
    prepared.lane = lane
    prepared.method = request.method
    prepared.url = lane.prefix + request.target
    prepared.headers = fields_of(request)  # type: ignore[assignment]
    prepared.body = request.body
    return prepared
