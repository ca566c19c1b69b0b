"""Typed uses of the names for Django projects. Checked by mypy with django-stubs, never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from django.http import HttpRequest, HttpResponse
from sumotext_django import get_sender, send_text
from sumotext_django.testing import override

from sumotext_backend import Sender, SendResult
from sumotext_backend.local.memory import Outbox


def view(request: HttpRequest) -> HttpResponse:
    result = send_text(request.POST["to"], "hello", sumotext={"carrier": "ATTUS"})
    assert_type(result, SendResult)
    assert_type(get_sender(), Sender)
    return HttpResponse(result.message_id)


def in_a_test() -> None:
    with override(default="TIMEOUT") as outbox:
        assert_type(outbox, Outbox)
        assert_type(outbox[0].options, Mapping[str, Mapping[str, object]])


@override()
def decorated() -> int:
    return 1


assert_type(decorated(), int)
