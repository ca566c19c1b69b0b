"""Why an exchange brought no answer: errors to values.

There are two tables because the class of an error does not tell whether a request may have gone.
What raised before the request began is of `FAILED`, always; what raised after is of `UNKNOWN`.
"""

from __future__ import annotations

import http.client
import math
import ssl
import time
from typing import Final

from urllib3.exceptions import HTTPError

from sumotext_backend.exceptions import SmsError
from sumotext_backend.http.response import NoResponse
from sumotext_backend.models import Reason


class StoppedError(SmsError):
    """The exchange ended here, with ``why``; nothing private is in it.

    It is not an `OSError`, so that urllib3 and requests hand it up as it is.
    """

    def __init__(self, why: NoResponse) -> None:
        """Keep it as an argument."""
        super().__init__(why)
        self.why = why


def seconds_left(deadline: float) -> float:
    """Seconds until ``deadline`` (of `time.monotonic`). Raises `TimeoutError` once it is past."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


EARLY_SECONDS: Final = 0.01
"""By which a socket's clock may run ahead of ours."""


def is_alarm(error: Exception, deadline: float) -> bool:
    """Whether ``error`` is an `OSError` of the program's own, as its signal handlers raise.

    The network's bears the system's number; only a time-out has none, at the ``deadline`` (of
    `time.monotonic`), and what http.client and `ssl` make themselves.
    """
    unnumbered = isinstance(error, OSError) and error.errno is None
    theirs = isinstance(error, (http.client.RemoteDisconnected, ssl.SSLError))
    return unnumbered and not theirs and time.monotonic() < deadline - EARLY_SECONDS


def explain_unconnected(error: Exception, deadline: float = -math.inf) -> NoResponse:
    """Why no connection came about by ``deadline``: of `FAILED`, always."""
    if isinstance(error, StoppedError):
        return error.why
    # http.client tells a refused CONNECT by this text alone.
    if "Tunnel connection failed: 407" in str(error):
        return NoResponse(Reason.UNAUTHORIZED, "the proxy wants a login (407)")
    if "Tunnel connection failed" in str(error):
        return NoResponse(Reason.UNREACHABLE, "the proxy refused to connect")
    if is_alarm(error, deadline):
        return NoResponse(Reason.UNAVAILABLE, "an alarm of the program ended the connecting")
    if isinstance(error, TimeoutError):
        return NoResponse(Reason.UNREACHABLE, "no connection in time")
    if isinstance(error, (ssl.SSLZeroReturnError, ssl.SSLEOFError)):
        return NoResponse(Reason.UNREACHABLE, "the connection ended during the TLS handshake")
    if isinstance(error, ssl.SSLCertVerificationError):
        return NoResponse(Reason.TLS, f"the certificate is not trusted: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        return NoResponse(Reason.TLS, f"the TLS handshake failed ({error.reason or 'no TLS'})")
    if isinstance(error, (OSError, HTTPError, http.client.HTTPException)):
        return NoResponse(Reason.UNREACHABLE, f"no connection ({_word(error)})")
    # Not the network's doing: an alarm of the program's, perhaps.
    return NoResponse(Reason.UNAVAILABLE, f"connecting broke off ({type(error).__name__})")


def explain_unanswered(error: Exception, deadline: float = -math.inf) -> NoResponse:
    """Why no answer came by ``deadline`` to a request on the wire: of `UNKNOWN`, always."""
    if isinstance(error, StoppedError):
        return error.why
    if is_alarm(error, deadline):
        return NoResponse(Reason.CRASHED, "an alarm of the program ended the waiting")
    if isinstance(error, TimeoutError):
        return NoResponse(Reason.TIMEOUT, "no answer before the deadline")
    if isinstance(error, (OSError, http.client.RemoteDisconnected)):
        return NoResponse(Reason.NO_ANSWER, f"the connection ended with no answer ({_word(error)})")
    if isinstance(error, (HTTPError, http.client.HTTPException, ValueError, AttributeError)):
        return NoResponse(
            Reason.BAD_ANSWER, f"the answer is not proper HTTP ({type(error).__name__})"
        )
    return NoResponse(Reason.CRASHED, f"the exchange broke off ({type(error).__name__})")


def _word(error: Exception) -> str:
    # The system's own words ("Connection refused") hold no data; str(error) may.
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
