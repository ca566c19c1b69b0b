"""Looks for number, text and secrets in everything that a program may show of a send."""

from __future__ import annotations

import pickle
import re
import traceback
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import SendError
from sumotext_backend.models import SendResult
from sumotext_backend.options import options_of
from sumotext_backend.routing.tree import walk

if TYPE_CHECKING:
    import pytest

CANARY: Final = "canary sings at dawn"
_SHORTEST: Final = 4
"""Characters; a shorter private value occurs in other words by chance."""


class Eavesdropper:
    """Knows what must not be shown of a send: the number, the text, the backend's secrets."""

    text: Final = CANARY

    def __init__(self, number: str, backend: SmsBackend) -> None:
        """Note the last ten digits of ``number``, and the private options of ``backend``."""
        self._digits = re.sub(r"[^0-9]", "", number)[-10:]
        texts = {CANARY, quote(CANARY), quote_plus(CANARY)}
        self._never = [*texts, self._digits]
        self._secrets = sorted(set(_secrets(backend)))

    def heard(
        self,
        result: SendResult,
        caplog: pytest.LogCaptureFixture,
        recwarn: pytest.WarningsRecorder,
    ) -> list[str]:
        """The places that showed something: logs, warnings, and all that ``result`` shows."""
        records = [f"{record.getMessage()} {record.__dict__!r}" for record in caplog.records]
        warned = [str(warning.message) for warning in recwarn]
        logged = {"log": " ".join([*records, caplog.text]), "warning": " ".join(warned)}
        return self.found(logged | _shown(result))

    def kept(self, backend: SmsBackend) -> list[str]:
        """The places that kept something of a send; a pickle may hold secrets, to be of use."""
        shown = pickle.dumps(backend, protocol=0).decode("latin-1")
        return ["pickle of the backend"] if CANARY in shown else []

    def found(self, shown: Mapping[str, str]) -> list[str]:
        """The names of those ``shown`` that hold what they must not; never what it is."""
        words = [*self._never, *self._secrets]
        return [kind for kind, text in shown.items() if any(word in text for word in words)]


def _shown(result: SendResult) -> dict[str, str]:
    """What a program may show of ``result``, by kind; `to` and `raw` are the caller's."""
    return {
        "repr of the result": f"{result!r} {result}",
        "detail": " ".join(each.detail for each in (result, *result.attempts)),
        **_raised(result),
    }


def _raised(result: SendResult) -> dict[str, str]:
    try:
        result.raise_for_outcome()
    except SendError as error:
        return {
            "error": f"{error} {error!r}",
            "traceback": "".join(traceback.format_exception(error)),
            "chain": f"{error.__context__!r} {error.__cause__!r}",
        }
    return {}


def _secrets(backend: SmsBackend) -> Iterator[str]:
    """The values that ``backend``, and those within it, declare as secret or keep out of reprs."""
    for each in walk(backend):
        options = options_of(type(each))
        for field in attrs.fields(type(each)):  # type: ignore[arg-type]
            option, value = options.get(str(field.alias)), getattr(each, field.name)
            if option and option.private and isinstance(value, str) and len(value) >= _SHORTEST:
                yield value
