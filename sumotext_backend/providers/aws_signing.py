"""Signs a request as AWS wants it (Signature Version 4), by botocore.

`sign` is pure: keys and time come in. `sign_now` finds them, and is all that this knows of a
clock, of files and of the network.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
import os
import re
from typing import Any, Final

import attrs

from sumotext_backend.bounded import run_within
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import NoResponse, Request, log_filter
from sumotext_backend.models import Outcome, Reason, Verdict

_REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")
_SIGNED: Final = ("Content-Type", "X-Amz-Target")
_TIMESTAMP: Final = "%Y%m%dT%H%M%SZ"

# A filter on a logger does not see what the loggers below it log.
_LOGGERS: Final = tuple(
    f"botocore.{name}"
    for name in (
        *("args", "auth", "client", "configprovider", "credentials", "endpoint", "hooks"),
        *("httpsession", "loaders", "parsers", "regions", "retryhandler", "session", "tokens"),
        "utils",
    )
)


@attrs.frozen
class Scope:
    """Where a signature holds: AWS's names of the region, and of End User Messaging SMS."""

    region: str
    service: str = "sms-voice"


@attrs.frozen
class Keys:
    """An access key. Without an id it is to be found by botocore's chain."""

    access_key: str | None = None
    secret_key: str | None = attrs.field(default=None, repr=False)
    token: str | None = attrs.field(default=None, repr=False)


def check_region(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Validate the name of a region. Raises `ConfigurationError`."""
    if not _REGION.fullmatch(value):
        raise ConfigurationError(f"option {field.name!r} wants a region such as us-east-1")


def require_botocore() -> None:
    """Raise `ConfigurationError` where botocore is not installed."""
    if importlib.util.find_spec("botocore") is None:
        raise ConfigurationError(
            "the backend 'aws' needs botocore: pip install 'sumotext-backend[aws]'"
        )


def sign(request: Request, base_url: str, scope: Scope, keys: Any, now: dt.datetime) -> Request:
    """``request`` below ``base_url`` with the headers that prove it is from the owner of ``keys``.

    ``keys`` has ``access_key``, ``secret_key`` and ``token``; ``now`` is in UTC. Headers
    that say nothing of this very request are not signed.
    """
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    url = base_url.rstrip("/") + request.target
    mine = {name: request.headers[name] for name in _SIGNED if name in request.headers}
    asked = AWSRequest(method=request.method, url=url, data=request.body, headers=mine)
    asked.context["timestamp"] = now.strftime(_TIMESTAMP)
    signer = SigV4Auth(keys, scope.service, scope.region)
    # `SigV4Auth.add_auth` without its clock and its log, in which the session's token stands.
    asked.headers["X-Amz-Date"] = asked.context["timestamp"]
    if keys.token:
        asked.headers["X-Amz-Security-Token"] = keys.token
    to_sign = signer.string_to_sign(asked, signer.canonical_request(asked))
    headers = signer.headers_to_sign(asked)
    asked.headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(asked)}, "
        f"SignedHeaders={signer.signed_headers(headers)}, "
        f"Signature={signer.signature(to_sign, asked)}"
    )
    return attrs.evolve(request, headers={**request.headers, **dict(asked.headers.items())})


def sign_now(
    request: Request, base_url: str, region: str, keys: Keys, seconds: float
) -> Request | NoResponse:
    """``request``, signed; or why no key was found, within ``seconds``. Nothing was sent then."""
    found = keys if keys.access_key else _find_keys(seconds)
    if isinstance(found, NoResponse):
        return found
    return sign(request, base_url, Scope(region), found, dt.datetime.now(dt.UTC))


def _find_keys(seconds: float) -> Any:
    """The keys of botocore's chain, which may ask a server for them, and may not end by itself."""
    found: list[Any] = []
    log_filter.install(_LOGGERS)

    def ask() -> Verdict:
        try:
            found.append(log_filter.silently(lambda: _chain(os.getpid()).get_frozen_credentials()))
        except Exception as error:  # noqa: BLE001 - its words may hold a path or a key
            detail = f"no access key for AWS was found ({type(error).__name__})"
            return Verdict(reason=Reason.UNAUTHORIZED, detail=detail)
        return Verdict()

    said = run_within(seconds, ask)
    if said.reason is None:
        return found[0]
    if said.reason.outcome is Outcome.FAILED:
        return NoResponse(said.reason, said.detail)
    return NoResponse(Reason.UNAVAILABLE, "AWS's keys were not found in time; nothing was sent")


@functools.lru_cache(maxsize=1)
def _chain(_process: int) -> Any:
    """This process's keys, which renew themselves. Raises where there are none; not kept then."""
    from botocore.exceptions import NoCredentialsError
    from botocore.session import Session

    keys = Session().get_credentials()
    if keys is None:
        raise NoCredentialsError
    return keys
