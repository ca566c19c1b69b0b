"""Reading the body of urllib3's response: undecoded, capped, and no longer than is needed."""

from __future__ import annotations

import time
from typing import Any, Final

from sumotext_backend.http.connection import TAIL_SECONDS
from sumotext_backend.http.parser import MAX_BODY_BYTES
from sumotext_backend.http.reader import REFUSAL_SECONDS
from sumotext_backend.http.request import Enough
from sumotext_backend.http.response import Response, parse_retry_after
from sumotext_backend.http.timed import Timed
from sumotext_backend.models import Reason

_MAX_TAIL_READS: Final = 8


def read(raw: Any, sock: Timed, enough: Enough) -> Response:
    """The answer in ``raw``, a urllib3 response whose head is read, over ``sock``.

    Reading stops as soon as ``enough(body)``. The connection goes back to its pool only when
    nothing of the answer is left on it; otherwise it is closed.
    """
    body, ended, cut, clean = b"", False, None, False
    try:
        if 400 <= raw.status < 500:
            # A refusal may stand there, but a chain need not wait long for what adds to a status.
            sock.deadline = min(sock.deadline, time.monotonic() + REFUSAL_SECONDS)
        if 200 <= raw.status < 300 or 400 <= raw.status < 500:
            body, ended, cut = _body(raw, enough)
            clean = ended or (cut is None and _drained(raw, sock))
    finally:
        _let_go(raw, reusable=clean)
    wait = parse_retry_after(raw.headers.get("Retry-After"))
    return Response(raw.status, body, ended=clean, cut=cut, retry_after=wait)


def _body(raw: Any, enough: Enough) -> tuple[bytes, bool, Reason | None]:
    """The body, whether it ended where its framing said, and why it broke off."""
    body = b""
    while not enough(body):
        if len(body) >= MAX_BODY_BYTES:
            return body, False, Reason.BAD_ANSWER
        chunk, cut = _chunk(raw, MAX_BODY_BYTES - len(body))
        if not chunk:
            return body, cut is None and _framed(raw), cut
        body += chunk
    return body, False, None


def _chunk(raw: Any, size: int) -> tuple[bytes, Reason | None]:
    """The next bytes (none at the end), and why there are none though more were announced."""
    if raw.length_remaining == 0:
        return b"", None
    try:
        chunk: bytes = raw.read1(size, decode_content=False)
    except Exception as error:  # noqa: BLE001 - a body breaks in ways of four libraries
        return b"", Reason.TIMEOUT if _is_timeout(error) else Reason.BAD_ANSWER
    return chunk, Reason.BAD_ANSWER if not chunk and raw.length_remaining else None


def _is_timeout(error: BaseException | None) -> bool:
    """Whether ``error``, or one that it was made of, is a time-out."""
    while error is not None and not isinstance(error, TimeoutError):
        error = error.__cause__ or error.__context__
    return error is not None


def _framed(raw: Any) -> bool:
    return bool(raw.chunked) or raw.length_remaining is not None


def _drained(raw: Any, sock: Timed) -> bool:
    """Whether the rest is here already, so that the connection can serve again; never waits."""
    if raw.connection is None:
        # urllib3 saw the end and put the connection back: it may be at work for another thread.
        return _framed(raw)
    sock.deadline = time.monotonic() + TAIL_SECONDS
    for _ in range(_MAX_TAIL_READS):
        chunk, cut = _chunk(raw, MAX_BODY_BYTES)
        if not chunk:
            return cut is None and _framed(raw)
    return False


def _let_go(raw: Any, *, reusable: bool) -> None:
    if reusable:
        # http.client does not notice by itself that read1 has reached the end.
        raw._original_response.close()  # noqa: SLF001
        raw.release_conn()
    else:
        raw.close()
