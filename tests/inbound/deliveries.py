"""What reaches a receiver: every provider's documented callbacks, right and wrong.

The samples are those of `tests.providers`, written from the providers' documentation.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import attrs
from callback_rules import CallbackRules, list_fields, replace_field

from sumotext_backend import InboundMessage
from sumotext_backend.inbound import make_path
from sumotext_backend.ledger.event_json import identify
from sumotext_backend.providers import Callback, CallbackError, Event
from tests.inbound.cases import OLDER, PUBLIC, SECRET

MAX_BYTES: Final = 65_536
_PROVIDERS: Final = Path(__file__).parent.parent / "providers"


def find_rules() -> dict[str, CallbackRules]:
    """The rules of every provider that calls, by an alias."""
    names = [path.relative_to(_PROVIDERS) for path in _PROVIDERS.rglob("test_*callbacks.py")]
    modules = [
        importlib.import_module(".".join(("tests", "providers", *name.with_suffix("").parts)))
        for name in sorted(names)
    ]
    return {
        name.removeprefix("Test").lower(): cls()
        for module in modules
        for name, cls in vars(module).items()
        if name.startswith("Test") and issubclass(cls, CallbackRules)
    }


RULES: Final = {
    alias: rules
    for alias, rules in find_rules().items()
    if alias != "aws" or importlib.util.find_spec("botocore")
}
"""Without Amazon's where its extra is not installed, as on the lowest versions."""


@attrs.frozen(kw_only=True)
class Delivery:
    """One request, and what must become of it: the status, and how many events are told."""

    alias: str
    name: str
    callback: Callback
    status: int
    told: int
    method: str = ""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    path: str = ""

    @property
    def target(self) -> str:
        """Path and query below the receiver."""
        query = urlsplit(self.callback.url).query
        path = self.path or make_path(SECRET, self.alias)
        return f"{path}?{query}" if query else path


UNSIGNABLE: Final = ("vonage",)
"""Those whose signature cannot cover a field that comes twice, so that it is no proof."""


def list_deliveries(alias: str, now: float) -> Iterator[Delivery]:
    """All of one provider's, signed at ``now``."""
    known: set[str] = set()
    for number, (sample, _) in enumerate(RULES[alias].samples):
        yield from _Vary(alias, number, now, known).vary(_move(alias, sample))


def _move(alias: str, sample: Callback) -> Callback:
    """``sample`` at the address that the receiver has in tests."""
    query = urlsplit(sample.url).query
    url = PUBLIC + make_path(SECRET, alias) + (f"?{query}" if query else "")
    return attrs.evolve(sample, url=url, alias=alias)


@attrs.frozen
class _Vary:
    """The deliveries of one sample; ``known`` is what was told of before."""

    alias: str
    number: int
    now: float
    known: set[str]

    @property
    def rules(self) -> CallbackRules:
        return RULES[self.alias]

    def make(self, name: str, callback: Callback, status: int, **more: Any) -> Delivery:
        told = self._count_new(callback) if status < 300 and "method" not in more else 0
        full = f"{self.alias}-{self.number}-{name}"
        return Delivery(
            alias=self.alias, name=full, callback=callback, status=status, told=told, **more
        )

    def sign(self, callback: Callback, **how: Any) -> Callback:
        signs = self.rules.can_sign()
        return self.rules.signed(callback, **{"now": self.now} | how) if signs else callback

    def vary(self, plain: Callback) -> Iterator[Delivery]:
        signed, taken = self.sign(plain), self.rules.backend().reply_to(plain).status
        yield self.make("good", signed, taken)
        yield self.make("again", signed, taken)
        for name, path in _list_paths(self.alias):
            yield self.make(name, signed, 404, path=path)
        for method, status in METHODS.items():
            yield self.make(method.lower(), signed, status, method=method)
        yield self.make("prefetch", signed, 403, headers={"Sec-Purpose": "prefetch"})
        yield self.make("navigation", signed, 403, headers={"Sec-Fetch-Mode": "navigate"})
        large = attrs.evolve(plain, method="POST", body=b" " * (MAX_BYTES + 1))
        yield self.make("large", large, 413)
        yield from self._list_unproven(plain)
        yield from self._list_broken(plain, signed, taken)

    def _list_unproven(self, plain: Callback) -> Iterator[Delivery]:
        if self.rules.can_sign():
            yield self.make("unsigned", plain, 403)
            yield self.make("of-another", self.sign(plain, key=self.rules.other_key), 403)
        if self.rules.can_sign() and self.rules.has_time:
            for name, seconds in (("old", -400), ("early", 400)):
                yield self.make(name, self.sign(plain, now=self.now + seconds), 403)

    def _list_broken(self, plain: Callback, signed: Callback, taken: int) -> Iterator[Delivery]:
        if "json" in plain.header("Content-Type"):
            cut = attrs.evolve(signed, body=signed.body[: len(signed.body) // 2])
            covered = self.rules.can_sign() and self.rules.covers_body
            yield self.make("cut", cut, 403 if covered else 400)
        if fields := list_fields(plain):
            name, value = fields[0]
            doubled = self.sign(replace_field(plain, 0, [(name, value), (name, "other")]))
            read = 400 if self._read(doubled) is None else taken
            yield self.make("doubled", doubled, 403 if self.alias in UNSIGNABLE else read)

    def _read(self, callback: Callback) -> list[Event] | None:
        try:
            return self.rules.read(callback)
        except CallbackError:
            return None

    def _count_new(self, callback: Callback) -> int:
        """How many events are told: not a part alone, nor what an id says that it was told."""
        new = 0
        for identity, event in identify(self._read(callback) or []):
            is_part = isinstance(event, InboundMessage) and event.part
            new += not is_part and identity not in self.known
            if identity:
                self.known.add(identity)
        return new


METHODS: Final = {"HEAD": 200, "OPTIONS": 204, "PUT": 405, "DELETE": 405, "PATCH": 405}


def _list_paths(alias: str) -> Iterator[tuple[str, str]]:
    yield "no-token", f"/{alias}"
    yield "other-secret", make_path(OLDER, alias)
    yield "token-of-another", f"/{alias}/{make_path(SECRET, 'x').rpartition('/')[2]}"
