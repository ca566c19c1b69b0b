"""The hooks: what a plugin may do around a send.

A plugin is a module or an object with functions of these names, marked `hookimpl`. It may leave
out arguments that it does not need. Hooks are plain functions; they run in the thread that sends,
so several may run at once, and the sender waits for them. Within one hook the plugins are called
by name, in alphabetical order; ``@hookimpl(tryfirst=True)`` and ``trylast=True`` move one to the
front or to the end. Wrappers and ``async`` functions are not supported.

A plugin that raises stops no text that is out and no other plugin: the error is logged at ERROR by
its kind, `SystemExit` as well. `KeyboardInterrupt`, and what else is not an `Exception`, goes on
once every plugin has heard of the send.

A message holds the whole number and text, and a result the whole number: plugins are trusted with
them, and responsible for what they write down.
"""

from __future__ import annotations

from typing import Final

import pluggy

from sumotext_backend.events import ConsentChange, DeliveryReport, Event, InboundMessage
from sumotext_backend.models import Message, SendResult

PROJECT: Final = "sumotext_backend"

hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)
"""Marks a function as one that is called around sends: a plugin's hook."""


@hookspec(firstresult=True)
def sumotext_hold(message: Message, backend: str) -> str | None:
    """Hold ``message`` back before it is sent, or let it go.

    :param message: what is about to be sent
    :param backend: the name of the backend it would go to; of a chain, that of the chain
    :return: None to let it go, or why it is held back, as a person will read it (no number, no
        text). The first answer other than None decides, and the later plugins are not asked.

    Held back means ``REJECTED`` / ``HELD`` with that reason as the ``detail``: never resend.
    A plugin that raises, or answers with anything else, could not decide. Then nothing is sent
    either, but it says nothing about this recipient: ``FAILED`` / ``CONFIGURATION``, which is
    safe to send again once the plugin is mended. It is logged at ERROR.
    """


@hookspec
def sumotext_result(message: Message, result: SendResult) -> None:
    """See how a send ended: called once for each, those held back included.

    :param message: what was to be sent
    :param result: what the sender is about to return
    """


@hookspec
def sumotext_attempt(message: Message, result: SendResult) -> None:
    """See one attempt inside a chain; called for each, in the order in which they ended.

    :param message: what was to be sent
    :param result: the attempt. One with ``attempts`` of its own is a chain inside the chain, and
        comes right after them.

    A backend that is not a chain makes no attempts: its result is all there is. The calls come when
    the whole send has ended, before that of `sumotext_result`.
    """


@hookspec
def sumotext_degraded(message: Message, result: SendResult) -> None:
    """Hear that a message was accepted only after an earlier attempt failed or left a doubt.

    :param message: what was sent
    :param result: the accepted one; its ``attempts`` tell what went wrong before

    Without this an outage behind a working fallback stays unseen. Comes after
    `sumotext_result`.
    """


@hookspec
def sumotext_report(report: DeliveryReport, again: bool) -> None:  # noqa: FBT001
    """Hear what became of a text that a provider accepted earlier.

    :param report: the provider's id of the text, and the state it is in
    :param again: whether you may have heard of it before, as a plugin raised or a process died
    """


@hookspec
def sumotext_inbound(inbound: InboundMessage, again: bool) -> None:  # noqa: FBT001
    """Hear of a text from a handset (MO).

    :param inbound: who sent what to which short code or number
    :param again: as for `sumotext_report`
    """


@hookspec
def sumotext_event(event: Event, again: bool) -> None:  # noqa: FBT001
    """Hear of whatever else a provider tells: an opt-out, an opt-in, a vote, a CRM update.

    :param event: what it tells; consent is written down by then
    :param again: as for `sumotext_report`
    """


@hookspec
def sumotext_consent(change: ConsentChange) -> None:
    """Hear that a word was written down on whether a person may be texted.

    :param change: the number, the word, by which door and through which provider it came

    Called once the word is durable, in the process that wrote it, and in the order of writing.
    """
