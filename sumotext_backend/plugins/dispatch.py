"""`Plugins`: some plugins, and a method for each moment at which they are called."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, Self

import attrs
import pluggy

from sumotext_backend.entrypoints import one_line
from sumotext_backend.events import ConsentChange, DeliveryReport, InboundMessage
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Message, Outcome, Reason, SendResult, Verdict
from sumotext_backend.plugins.admission import hooks_of, new_manager, register

log: Final = logging.getLogger("sumotext_backend.plugins")


@attrs.frozen(kw_only=True)
class ListedPlugin:
    """One row of ``sumotext plugins``; ``hooks`` is empty unless ``state`` is ``"ok"``."""

    name: str
    distribution: str = ""
    version: str = ""
    state: Literal["ok", "blocked", "broken"] = "ok"
    hooks: tuple[str, ...] = ()
    error: str = ""


@attrs.frozen
class Plugins:
    """Some plugins, and a method for each moment at which they are called.

    `load_installed` gives those of this environment, `Plugins.of` any objects.
    """

    _manager: pluggy.PluginManager = attrs.field(repr=False)
    _listed: tuple[ListedPlugin, ...]
    _any: bool = attrs.field(init=False, repr=False)

    @_any.default
    def _some_hook(self) -> bool:
        return any(row.hooks for row in self._listed)

    @classmethod
    def of(cls, *plugins: object) -> Self:
        """These modules or objects, and no others; they are called in the order given.

        Raises `ConfigurationError` for one that would be listed as broken.
        """
        manager = new_manager()
        listed = []
        for index, plugin in reversed([*enumerate(plugins)]):
            name = str(getattr(plugin, "__name__", type(plugin).__name__))
            name = f"{name}-{index}" if manager.has_plugin(name) else name
            wrong = register(manager, plugin, name)
            if wrong:
                raise ConfigurationError(f"plugin {name!r}: {wrong}")
            listed.append(ListedPlugin(name=name, hooks=hooks_of(manager, plugin)))
        return cls(manager, tuple(reversed(listed)))

    def listing(self) -> tuple[ListedPlugin, ...]:
        """All of them, the blocked and the broken too; installed ones sorted by name."""
        return self._listed

    def hold(self, message: Message, backend: str) -> Verdict | None:
        """Why ``message`` must not go to the backend of that name; None where it may go."""
        if self._any:
            for impl in self._impls("sumotext_hold"):
                verdict = _decide(impl, message, backend)
                if verdict:
                    return verdict
        return None

    def observe(self, message: Message, result: SendResult) -> None:
        """Tell of the end of a send: its attempts, its result, and a rescue if it was one.

        Raises nothing that a plugin does, and a `KeyboardInterrupt` only once all are told.
        """
        if not self._any:
            return
        moments = [("sumotext_attempt", attempt) for attempt in _trail(result)]
        moments.append(("sumotext_result", result))
        if _is_rescue(result):
            moments.append(("sumotext_degraded", result))
        self._tell((hook, {"message": message, "result": told}) for hook, told in moments)

    def report(self, report: DeliveryReport) -> None:
        """Tell of a delivery report."""
        self._tell([("sumotext_report", {"report": report})])

    def inbound(self, inbound: InboundMessage) -> None:
        """Tell of a text from a handset."""
        self._tell([("sumotext_inbound", {"inbound": inbound})])

    def tell_consent(self, change: ConsentChange) -> None:
        """Tell of a word on whether a person may be texted."""
        self._tell([("sumotext_consent", {"change": change})])

    def _impls(self, hook: str) -> Iterator[pluggy.HookImpl]:
        # Pluggy too calls them from the last to the first; tryfirst and trylast are in the order.
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        return reversed(caller.get_hookimpls())

    def _tell(self, moments: Iterable[tuple[str, Mapping[str, object]]]) -> None:
        """Call every plugin at each of ``moments``, the hook's name and its arguments.

        A text is out, so nothing that one plugin raises keeps the next from hearing of it, or the
        caller from the result: `SystemExit` is logged as any error is. What is not the doing of a
        plugin, such as Ctrl-C, is raised at the end.
        """
        stopped: BaseException | None = None
        for hook, given in moments:
            for impl in self._impls(hook):
                try:
                    _call(impl, given)
                except (Exception, SystemExit) as error:  # noqa: BLE001
                    # Neither the error's words nor its traceback: both may hold number and text.
                    kind = type(error).__name__
                    log.error("plugin %r raised %s in %s", impl.plugin_name, kind, hook)  # noqa: TRY400
                except BaseException as error:  # noqa: BLE001
                    stopped = stopped or error
        if stopped:
            raise stopped


def _call(impl: pluggy.HookImpl, given: Mapping[str, object]) -> object:
    return impl.function(*[given[name] for name in impl.argnames])


def _decide(impl: pluggy.HookImpl, message: Message, backend: str) -> Verdict | None:
    answer, wrong = None, ""
    try:
        answer = _call(impl, {"message": message, "backend": backend})
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a guard that fails lets nothing through
        wrong = type(error).__name__
    if answer is None and not wrong:
        return None
    if isinstance(answer, str):
        held = one_line(answer) or f"held back by plugin {impl.plugin_name!r}"
        return Verdict(reason=Reason.HELD, detail=held)
    wrong = wrong or f"answered with {type(answer).__name__}"
    words = f"plugin {impl.plugin_name!r} could not decide ({wrong}); nothing was sent"
    log.error("%s", words)
    return Verdict(reason=Reason.CONFIGURATION, detail=words)


def _trail(result: SendResult) -> Iterator[SendResult]:
    """Every attempt in the order in which it ended: those inside a chain, then the chain."""
    for attempt in result.attempts:
        yield from _trail(attempt)
        yield attempt


def _is_rescue(result: SendResult) -> bool:
    lost = (Outcome.FAILED, Outcome.UNKNOWN)
    earlier = any(attempt.outcome in lost for attempt in _trail(result))
    return earlier and result.outcome is Outcome.ACCEPTED
