"""From the tables of a resolved configuration to what they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.model import Table, Value
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import construct

if TYPE_CHECKING:
    from sumotext_backend.routing import Health


@attrs.frozen
class Builder:
    """Makes what each table asks for once; all providers share one health. Opens nothing."""

    health: Callable[[], Health | None]
    made: dict[int, Any] = attrs.field(init=False, factory=dict, repr=False)

    def build(self, table: Table) -> Any:
        """What ``table`` is: a backend, or settings. Raises the first `ConfigurationError`."""
        if table.made:
            return table.made
        if table.target:
            return self.build(table.target)
        if id(table) not in self.made:
            self.made[id(table)] = self._construct(table)
        return self.made[id(table)]

    def _construct(self, table: Table) -> object:
        options = {name: self._option(value) for name, value in table.values.items()}
        if table.problems or table.cls is None:
            raise table.problems[0]
        try:
            return construct(table.cls, options)
        except ConfigurationError as error:
            table.place.mark(error)
            raise

    def _option(self, value: Value) -> object:
        if value.problem:
            raise value.problem
        if not value.tables:
            return value.value
        routes = tuple(map(self._route, value.tables))
        return routes if value.option and value.option.many else routes[0]

    def _route(self, table: Table) -> SmsBackend:
        """The provider as a chain takes it: under its name, with health if it sends by itself."""
        from sumotext_backend.routing import Route
        from sumotext_backend.routing.tree import children

        backend: SmsBackend = self.build(table)
        health = None if children(backend) else self.health()
        return Route(
            provider=table.name,
            of=backend,
            health=health,
            key=key_of(table.name, backend),
            is_alias=table.target is not None,
        )


def key_of(name: str, backend: SmsBackend) -> str:
    """What a provider's health is known by: its name, a colon, and a hash of all its options.

    Two projects of one user may use one alias for two accounts. The hash holds secrets too, and
    is hashed again under a secret key before it is written anywhere.
    """
    import hashlib

    cls = type(backend)
    options = (
        [(field.name, getattr(backend, field.name)) for field in attrs.fields(cls) if field.init]
        if attrs.has(cls)
        else backend
    )
    identity = f"{cls.__module__}.{cls.__qualname__} {options!r}"
    return f"{name}:{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()}"
