"""Everything that is wrong with a configuration, found without any network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.builder import Builder, Place
from sumotext_backend.config.places import Places
from sumotext_backend.config.source import Configuration
from sumotext_backend.config.spec import Spec, spec_of
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import missing


def check(configuration: Configuration, places: Places | None = None) -> list[str]:
    """One line for each thing that is wrong, naming its place and how to mend it; none is good.

    Every provider is built, whether anything leads to it or not; nothing is opened.
    """
    builder = Builder(configuration, places or Places.here())
    lines = [line for alias in configuration.providers for line in _provider(builder, alias)]
    lines += _raised(builder.health)
    lines += _raised(builder.start)
    return list(dict.fromkeys(lines))


def _provider(builder: Builder, alias: str) -> Iterator[str]:
    entry = builder.configuration.providers[alias]
    where = builder.configuration.where(alias)
    found: list[Spec] = []
    if not isinstance(entry.value, SmsBackend):
        yield from _raised(lambda: found.extend(_spec(builder, alias)))
    lines = [line for spec in found for line in _options(builder, spec, Place(where, (alias,)))]
    # Whatever shows only when the options stand together.
    yield from lines or _raised(lambda: builder.provider(alias, Place("", ())))


def _spec(builder: Builder, alias: str) -> list[Spec]:
    entry, where = builder.configuration.providers[alias], builder.configuration.where(alias)
    spec = spec_of(entry.value, entry.origin, builder.places, where)
    return [spec] if isinstance(spec, Spec) else []


def _options(builder: Builder, spec: Spec, place: Place) -> Iterator[str]:
    for name in spec.options:
        yield from _raised(lambda name=name: builder.option(spec, name, place))  # type: ignore[misc]
    yield from missing(spec.cls, spec.options, place.where)


def _raised(attempt: Callable[[], object]) -> list[str]:
    try:
        attempt()
    except ConfigurationError as error:
        return [str(error)]
    return []
