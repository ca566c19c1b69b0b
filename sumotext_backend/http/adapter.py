"""`OneShot`: requests' adapter, tied to one gateway and stripped of every second try."""

from __future__ import annotations

import ssl
from typing import Any, Final
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from sumotext_backend.http.connections import PlainPool, TlsPool
from sumotext_backend.http.quiet import hush
from sumotext_backend.http.request import Request
from sumotext_backend.http.sockets import TimedSSLSocket

POOL: Final = 64
"""Idle connections that are kept; more may be in use at once."""


class OneShot(HTTPAdapter):
    """Sends a request to one base URL, once, and hands back urllib3's response, unread.

    The adapter's own `send` is called, not a `requests.Session`: a session follows redirects,
    reads their bodies, keeps cookies, and takes logins and proxies from the environment.
    Raises `OSError` or `ValueError` for a CA bundle that cannot be read.
    """

    def __init__(self, base_url: str, ca_bundle: str | None, proxy: str | None) -> None:
        """Prepare the one pool of connections; nothing is opened."""
        hush()
        parts = urlsplit(base_url.rstrip("/"))
        self._context = _context(ca_bundle) if parts.scheme == "https" else None
        super().__init__(pool_connections=1, pool_maxsize=POOL, max_retries=0)
        manager = self.poolmanager
        if proxy:
            manager = self.proxy_manager_for(proxy, ssl_context=self._context)
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
        self._pool = manager.connection_from_url(base_url)
        # A plain request through a proxy names the whole URL; any other only the path.
        self._prefix = parts.geturl() if proxy and parts.scheme == "http" else parts.path
        self._headers = {
            "User-Agent": "sumotext-backend",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        }

    def once(self, asked: Request) -> Any:
        """Send one request."""
        request, body = PreparedRequest(), asked.body
        request.method = asked.method
        request.url = self._prefix + asked.target
        # With a length, requests does not fall back to chunks.
        length = {} if body is None else {"Content-Length": str(len(body))}
        request.headers = {**self._headers, **asked.headers, **length}  # type: ignore[assignment]
        request.body = body
        return self.send(request, stream=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Give the pools our TLS context."""
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def get_connection_with_tls_context(self, *_args: Any, **_kwargs: Any) -> Any:
        """Return the one pool there is."""
        return self._pool

    def cert_verify(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave verification to the TLS context, which always demands it."""

    def request_url(self, request: PreparedRequest, proxies: object) -> str:
        """Return what `once` put there."""
        return request.url or ""

    def build_response(self, req: PreparedRequest, resp: Any) -> Any:
        """Hand urllib3's response up as it is; requests' would read cookies from it."""
        return resp


def _context(ca_bundle: str | None) -> ssl.SSLContext:
    # Not ssl.create_default_context, which writes keys to the file that $SSLKEYLOGFILE names.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    context.sslsocket_class = TimedSSLSocket
    return context
