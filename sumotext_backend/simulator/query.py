"""Which texts are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from sumotext_backend.simulator.simulation import normalize
from sumotext_backend.simulator.store import Text


@attrs.frozen(kw_only=True)
class Query:
    """Which texts are asked for; what is None is not asked. Numbers in any writing."""

    id: str | None = None
    to: str | None = attrs.field(default=None, repr=False)
    sender: str | None = attrs.field(default=None, repr=False)
    text: str | None = attrs.field(default=None, repr=False)
    provider: str | None = None
    state: str | None = None
    direction: str | None = None

    def select(self, texts: Iterable[Text]) -> Iterator[Text]:
        """Those of ``texts`` that are meant, in their order."""
        ends = [value and normalize(value) for value in (self.to, self.sender)]
        return (each for each in texts if self._matches(each, *ends))

    def _matches(self, text: Text, to: str | None, sender: str | None) -> bool:
        exact = (
            (self.id, text.id),
            (self.provider, text.dialect),
            (self.state, text.state),
            (self.direction, text.direction),
        )
        if any(wanted is not None and wanted != found for wanted, found in exact):
            return False
        ends = ((to, text.recipient), (sender, text.sender))
        if any(wanted and wanted != normalize(found) for wanted, found in ends):
            return False
        return self.text is None or self.text.casefold() in text.body.casefold()
