"""The view that providers call: ``path("sms/", include("sumotext_django.urls"))``.

``SMS_INBOUND`` holds the options of the table ``[inbound]``. What comes back is kept in the ledger
of ``SMS_LEDGER``, and told as signals.
"""

from __future__ import annotations

import functools
import logging
from typing import Any, Final
from urllib.parse import quote

import attrs
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.csrf import csrf_exempt

from sumotext_backend.config import open_receiver
from sumotext_backend.inbound import Arrival, NotWholeError, Receiver, read_body
from sumotext_backend.providers import Reply
from sumotext_django.errors import SettingsError
from sumotext_django.ledgers import find_place
from sumotext_django.senders import configuration, get_ledger, speaking_of_settings
from sumotext_django.signals import tell_event

log: Final = logging.getLogger("sumotext_django.inbound")


def get_receiver() -> Receiver:
    """The receiver that the settings ask for, made once. Raises `SettingsError`."""
    with speaking_of_settings():
        place = find_place()
    return _make_receiver(place)


@functools.cache
def _make_receiver(_: str) -> Receiver:
    with speaking_of_settings():
        receiver = open_receiver(configuration(), ledger=get_ledger(), tell=tell_event)
    receiver.warn()
    return receiver


def find_address() -> str:
    """Where the views stand, on a host that is not known here. Raises `SettingsError`."""
    try:
        return "https://HOST" + reverse("sumotext:inbound", kwargs={"rest": ""})
    except NoReverseMatch:  # whose words name all patterns of the project
        wrong = "has no path(…, include('sumotext_django.urls'))"
    except Exception as error:  # noqa: BLE001 - a project's own modules are imported for it
        wrong = f"is not set, or cannot be read ({type(error).__name__})"
    raise SettingsError(f"ROOT_URLCONF {wrong}")


@csrf_exempt
def receive(request: HttpRequest, rest: str) -> HttpResponse:
    """Take one callback; ``rest`` is the alias and the token of its path."""
    reply = _receive(request, rest)
    answer = HttpResponse(reply.body, status=reply.status)
    del answer["Content-Type"]
    for name, value in {"Cache-Control": "no-store", **reply.headers}.items():
        answer[name] = value
    return answer


def _receive(request: HttpRequest, rest: str) -> Reply:
    try:
        receiver = get_receiver()
        arrival = read_request(request, rest)
        refused = receiver.refuse(arrival)
        if refused:  # a stranger's body is not waited for
            return refused
        body = _read_body(request, receiver.table.max_bytes)
        return receiver.receive(attrs.evolve(arrival, body=body))
    except NotWholeError as error:
        return Reply(status=error.status)
    except SettingsError as error:
        # One line, where Django would show the request with its number and text.
        log.error("a callback is not taken: %s", error)  # noqa: TRY400
        return Reply(status=503, headers={"Retry-After": "30"})


def read_request(request: HttpRequest, rest: str) -> Arrival:
    """Django's request as ours, without its body; ``rest`` stands behind the path of the view."""
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
        peer=request.META.get("REMOTE_ADDR", ""),
    )


def _read_body(request: HttpRequest, max_bytes: int) -> bytes | None:
    given = request.META
    if "wsgi.input" not in given:  # ASGI: Django has the body by now, as long as it came
        length = given.get("CONTENT_LENGTH", "")
        given = {"CONTENT_LENGTH": length, "wsgi.input_terminated": True}
        return read_body(given, request.read, max_bytes)
    # Django takes a body of which no length was told for an empty one.
    untold = not given.get("CONTENT_LENGTH")
    return read_body(given, given["wsgi.input"].read if untold else request.read, max_bytes)


def _reset(*, setting: str, **_: Any) -> None:
    if setting.startswith("SMS_") or setting == "DATABASES":
        _make_receiver.cache_clear()


def _is_of_others(record: logging.LogRecord) -> bool:
    """Whether Django may log it: of a response of ours it would show, or mail, the whole request.

    The receiver says itself why it refused.
    """
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return getattr(match, "func", None) is not receive


logging.getLogger("django.request").addFilter(_is_of_others)
setting_changed.connect(_reset, dispatch_uid="sumotext_django.inbound")
