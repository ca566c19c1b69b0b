"""The plugins around a send: found, loaded in isolation, and called one by one.

Pluggy keeps them and their order. It does not call them: it stops at the first that raises.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

import attrs
import pluggy

from sumotext_backend.entrypoints import Broken, Offer, load, offers, one_line
from sumotext_backend.plugins.admission import hooks_of, new_manager, register
from sumotext_backend.plugins.dispatch import ListedPlugin, Plugins, log

__all__ = ["DISABLE", "GROUP", "ListedPlugin", "Plugins", "discover", "load_installed", "one_line"]

GROUP: Final = "sumotext_backend.plugins"
"""The entry-point group by which installed plugins are found."""

DISABLE: Final = "SUMOTEXT_DISABLE_PLUGINS"
"""The environment variable that names plugins to leave out, with commas between, or ``all``."""

_process: Final[dict[str, Plugins]] = {}


def load_installed() -> Plugins:
    """The installed plugins, loaded once in a process: when this is first called.

    `sumotext_backend.Sender.send` calls it. A broken one is logged at ERROR, once.
    """
    # No lock, which a fork in the middle of loading would leave locked for good in the child.
    plugins = _process.get(GROUP)
    if plugins is None:
        mine = discover()
        plugins = _process.setdefault(GROUP, mine)
        if plugins is mine:
            _complain(mine)
    return plugins


def discover(environ: Mapping[str, str] = os.environ) -> Plugins:
    """The installed plugins, each loaded in isolation.

    Those named in ``$SUMOTEXT_DISABLE_PLUGINS`` (``a,b``, or ``all``) are not even imported.
    """
    blocked = {name.strip() for name in environ.get(DISABLE, "").split(",")}
    manager = new_manager()
    listed = [_admit(manager, offer, blocked) for offer in reversed(offers(GROUP))]
    return Plugins(manager, tuple(reversed(listed)))


def _complain(plugins: Plugins) -> None:
    for row in plugins.listing():
        if row.state == "broken":
            log.error("plugin %r of %s is not used: %s", row.name, row.distribution, row.error)


def _admit(manager: pluggy.PluginManager, offer: Offer, blocked: set[str]) -> ListedPlugin:
    row = ListedPlugin(name=offer.name, distribution=offer.distribution, version=offer.version)
    if blocked & {offer.name, "all"}:
        return attrs.evolve(row, state="blocked")
    plugin = load(offer)
    wrong = plugin.error if isinstance(plugin, Broken) else register(manager, plugin, offer.name)
    if wrong:
        return attrs.evolve(row, state="broken", error=wrong)
    return attrs.evolve(row, hooks=hooks_of(manager, plugin))
