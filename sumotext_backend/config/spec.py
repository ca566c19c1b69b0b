"""What one provider's entry asks for: a backend and its options, as written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from sumotext_backend import dsn as dsns
from sumotext_backend import expression
from sumotext_backend.config.model import Origin
from sumotext_backend.config.references import Found, dereference
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.options import options_of
from sumotext_backend.places import Places

_SHAPES: Final = 'it wants a table with "backend", a DSN, or an alias'


@attrs.frozen
class Spec:
    """A backend's name, class and options as written; without ``cls`` the alias of a provider.

    ``origin`` is where they were found: an environment variable, where a whole DSN stands in one.
    ``private`` tells that they came as a DSN, so that what stands for a name may be half a secret.
    """

    name: str = attrs.field(repr=False)
    cls: Any
    origin: str
    options: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    private: bool = False


@attrs.frozen
class Reader:
    """What it takes to read an entry: the surroundings, and the installed backends by name.

    ``region`` is where phone numbers without country code are dialled.
    """

    places: Places
    find_class: Callable[..., Any]
    region: str = DEFAULT_REGION

    def read(self, value: Any, origin: Origin, *, private: bool) -> Spec:
        """What ``value`` asks for: a table, a DSN, several of them in one line, or an alias.

        Raises `ConfigurationError` without a place; options are not looked at.
        """
        found = dereference(value, origin, self.places)
        private = private or found.elsewhere or origin.is_dsn
        table = found.value
        if isinstance(table, Mapping) and "dsn" in table:
            if len(table) > 1:
                raise ConfigurationError("'dsn' stands alone; other options go into its query")
            found, private = self.read_option(table, "dsn", origin, "text"), True
        if isinstance(found.value, str):
            return self._read_text(found, private=private)
        if not isinstance(table, Mapping):
            raise ConfigurationError(_SHAPES)
        if "backend" not in table:
            raise ConfigurationError("option 'backend' is missing; name one, or give a 'dsn'")
        name = self.read_option(table, "backend", origin, "the name of a backend").value
        options = {str(key): each for key, each in table.items() if key != "backend"}
        cls = self.find_class(name, private=private)
        return Spec(name, cls, found.origin, options, private)

    def read_option(
        self, table: Mapping[str, Any], name: str, origin: Origin, text: str = ""
    ) -> Found:
        """The value of an option, which is text if ``text`` says what. Raises as `read` does."""
        try:
            found = dereference(table[name], origin, self.places)
        except ConfigurationError as error:
            wrong = f"option {name!r}: {error.problem}"
        else:
            if not text or isinstance(found.value, str):
                return found
            wrong = f"option {name!r} wants {text}"
        raise ConfigurationError(wrong, option=name)

    def _read_text(self, found: Found, *, private: bool) -> Spec:
        tree = expression.parse(found.value)
        if isinstance(tree, str) and expression.is_alias(tree):
            return Spec(tree, None, found.origin, private=private)
        if isinstance(tree, str):
            dsn = dsns.parse(tree)
            cls = self.find_class(dsn.scheme, private=True)
            options = dsns.read(dsn, cls.dsn, options_of(cls))
            return Spec(dsn.scheme, cls, found.origin, options, private=True)
        group = {key: each for key, each in tree.items() if key != "backend"}
        name = tree["backend"]
        return Spec(name, self.find_class(name, private=True), found.origin, group, private=True)
