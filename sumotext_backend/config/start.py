"""From a configuration to the backend that it starts with."""

from __future__ import annotations

import functools

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.builder import Builder
from sumotext_backend.config.model import Configuration
from sumotext_backend.config.resolve import resolve
from sumotext_backend.config.tables import read_health_settings
from sumotext_backend.places import Places


def build(configuration: Configuration, places: Places | None = None) -> SmsBackend:
    """The backend of the provider that is asked for, its results carrying its alias.

    Opens nothing. Raises the first `ConfigurationError` on the way to it.
    """
    from sumotext_backend.routing import Route, make_health

    around = places or Places.here()
    start = resolve(configuration, around, ())[configuration.start]
    health = functools.cache(lambda: make_health(read_health_settings(configuration, around)))
    backend: SmsBackend = Builder(health).build(start)
    # What stands in the place of a file's providers is none of their programmes' either.
    named = not configuration.replaced
    return Route(provider=start.name, of=backend, is_alias=named) if start.name else backend
