"""The view that providers call: ``path("sms/", include("sumotext_django.urls"))``.

``SMS_INBOUND`` holds the options of the table ``[inbound]``. What comes back is kept in the ledger
of ``SMS_LEDGER``, and told as signals.
"""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import quote

from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from sumotext_backend.config import open_receiver
from sumotext_backend.inbound import Arrival, Receiver
from sumotext_django.senders import configuration, get_ledger, speaking_of_settings
from sumotext_django.signals import tell_event


@functools.cache
def get_receiver() -> Receiver:
    """The receiver that the settings ask for, made once. Raises `SettingsError`."""
    with speaking_of_settings():
        return open_receiver(configuration(), ledger=get_ledger(), tell=tell_event)


@csrf_exempt
def receive(request: HttpRequest, rest: str) -> HttpResponse:
    """Take one callback; ``rest`` is the alias and the token of its path."""
    receiver = get_receiver()
    reply = receiver.receive(read_request(request, rest, receiver.table.max_bytes))
    answer = HttpResponse(reply.body, status=reply.status)
    del answer["Content-Type"]
    for name, value in {"Cache-Control": "no-store", **reply.headers}.items():
        answer[name] = value
    return answer


def read_request(request: HttpRequest, rest: str, max_bytes: int) -> Arrival:
    """Django's request as ours; ``rest`` is what stands behind the path of the view."""
    path, below = request.path, f"/{rest}"
    mount = path.removesuffix(below) if path.endswith(below) else path.rstrip("/")
    query = request.META.get("QUERY_STRING", "")
    target = quote(below)
    host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
    return Arrival(
        method=request.method or "",
        target=f"{target}?{query}" if query else target,
        origin=f"{request.scheme}://{host}{quote(mount)}",
        headers=list(request.headers.items()),
        body=_read_body(request, max_bytes),
        peer=request.META.get("REMOTE_ADDR", ""),
    )


def _read_body(request: HttpRequest, max_bytes: int) -> bytes | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > max_bytes:
        return None
    body: bytes = request.read(max_bytes + 1)
    return body if len(body) <= max_bytes else None


def _reset(*, setting: str, **_: Any) -> None:
    if setting.startswith("SMS_") or setting == "DATABASES":
        get_receiver.cache_clear()


setting_changed.connect(_reset, dispatch_uid="sumotext_django.inbound")
