"""Looks for number, text and secrets in everything that a program may show or keep of a send."""

from __future__ import annotations

import io
import pickle
import re
import traceback
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import SendError
from sumotext_backend.models import Message, SendResult, Verdict
from sumotext_backend.options import options_of
from sumotext_backend.routing.tree import walk

if TYPE_CHECKING:
    import pytest

CANARY: Final = "canary sings at dawn"
_MIN_SECRET: Final = 4
"""Characters; a shorter private value occurs in other words by chance."""


class LeakFinder:
    """Knows what must not be shown of a send: the number, the text, the backend's secrets."""

    text: Final = CANARY

    def __init__(self, number: str, backend: SmsBackend) -> None:
        """Note the last ten digits of ``number``, and the private options of ``backend``."""
        digits = re.sub(r"[^0-9]", "", number)[-10:]
        self._private = [CANARY, quote(CANARY), quote_plus(CANARY), digits]
        self._secrets = sorted(set(_list_secrets(backend)))
        self._before = _list_state(backend)

    def search_output(
        self,
        result: SendResult,
        caplog: pytest.LogCaptureFixture,
        recwarn: pytest.WarningsRecorder,
    ) -> list[str]:
        """The places that showed something: logs, warnings, and all that ``result`` shows."""
        records = [f"{record.getMessage()} {record.__dict__!r}" for record in caplog.records]
        warned = [str(warning.message) for warning in recwarn]
        logged = {"log": " ".join([*records, caplog.text]), "warning": " ".join(warned)}
        return self.search(logged | _render(result))

    def search_state(self, backend: SmsBackend) -> list[str]:
        """What ``backend`` keeps, where it pickles, of the sends since this was made.

        A pickle may hold secrets and options, to be of use.
        """
        new = [each for each in _list_state(backend) if each not in self._before]
        kinds = {type(each).__name__ for each in new if not isinstance(each, str)}
        texts = " ".join(each for each in new if isinstance(each, str))
        return [*sorted(kinds), *self.search({"number or text": texts})]

    def search(self, shown: Mapping[str, str]) -> list[str]:
        """The names of those ``shown`` that hold what they must not; never what it is."""
        words = [*self._private, *self._secrets]
        return [kind for kind, text in shown.items() if any(word in text for word in words)]


class _Recorder(pickle.Pickler):
    """Notes the texts that a pickle holds, and what belongs to one send alone."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO())
        self.seen: list[object] = []

    def persistent_id(self, obj: object) -> None:
        if isinstance(obj, (str, Message, SendResult, Verdict)):
            self.seen.append(obj)


def _list_state(backend: SmsBackend) -> list[object]:
    """The texts, messages and results that ``backend`` pickles; none where it cannot."""
    recorder = _Recorder()
    try:
        recorder.dump(backend)
    except Exception:  # noqa: BLE001 - another rule says so
        return []
    return recorder.seen


def _render(result: SendResult) -> dict[str, str]:
    """What a program may show of ``result``, by kind; `to` and `raw` are the caller's."""
    return {
        "repr of the result": f"{result!r} {result}",
        "detail": " ".join(each.detail for each in (result, *result.attempts)),
        **_render_error(result),
    }


def _render_error(result: SendResult) -> dict[str, str]:
    try:
        result.raise_for_outcome()
    except SendError as error:
        return {
            "error": f"{error} {error!r}",
            "traceback": "".join(traceback.format_exception(error)),
            "chain": f"{error.__context__!r} {error.__cause__!r}",
        }
    return {}


def _list_secrets(backend: SmsBackend) -> Iterator[str]:
    """The values that ``backend``, and those within it, declare as secret or keep out of reprs."""
    for each in walk(backend):
        options = options_of(type(each))
        for field in attrs.fields(type(each)):  # type: ignore[arg-type]
            option, value = options.get(str(field.alias)), getattr(each, field.name)
            if option and option.private and isinstance(value, str) and len(value) >= _MIN_SECRET:
                yield value
