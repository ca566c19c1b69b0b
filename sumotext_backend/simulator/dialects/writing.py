"""What the dialects write alike: ids, numbers, times, and the requests that they make; pure."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from sumotext_backend.callbacks import Callback


def make_guid(digits: str) -> str:
    """32 hexadecimal digits as a GUID."""
    return str(uuid.UUID(digits))


def drop_plus(number: str) -> str:
    """``number`` without its plus."""
    return number.removeprefix("+")


def write_time(at: datetime) -> str:
    """``at`` in ISO 8601, to the millisecond, with a Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_plain_time(at: datetime) -> str:
    """``at`` in UTC, to the second, as most forms have it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def call_form(url: str, fields: Mapping[str, str | None]) -> Callback:
    """A POST of ``fields`` as a form; those that are None are left out."""
    return Callback(
        method="POST", url=url, headers=_FORM, body=urlencode(_drop_unset(fields)).encode()
    )


def call_query(url: str, fields: Mapping[str, str | None]) -> Callback:
    """A GET of ``url`` with ``fields`` in its query; those that are None are left out."""
    mark = "&" if urlsplit(url).query else "?"
    return Callback(method="GET", url=f"{url}{mark}{urlencode(_drop_unset(fields))}")


def call_json(url: str, value: object) -> Callback:
    """A POST of ``value`` as JSON."""
    return Callback(method="POST", url=url, headers=_JSON, body=json.dumps(value).encode())


def _drop_unset(fields: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}


_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
_JSON: Final = {"Content-Type": "application/json"}
