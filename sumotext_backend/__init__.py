"""The SMS layer that never texts twice, never texts someone who said no, and never hides a doubt.

::

    from sumotext_backend import Message, connect

    with connect("sumotext://74700/SUMO?carrier=ATTUS") as sms:
        result = sms.send(Message("5015551234", "hello"))

A name is imported when it is first asked for: the command, and pytest's look for fixtures, need
few of them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sumotext_backend.backend import SmsBackend
    from sumotext_backend.config import connect
    from sumotext_backend.events import (
        ConsentChange,
        ConsentSource,
        CrmUpdate,
        DeliveryReport,
        DeliveryStatus,
        InboundMessage,
        InfoRequest,
        OptIn,
        OptOut,
        Part,
        PollReply,
        SubscriptionRequest,
    )
    from sumotext_backend.exceptions import (
        CallbackError,
        ConfigurationError,
        NothingConfiguredError,
        NotSentError,
        OutcomeUnknownError,
        RejectedError,
        SendError,
        SmsError,
        UnknownBackendError,
    )
    from sumotext_backend.hookspecs import hookimpl
    from sumotext_backend.models import Message, Outcome, Reason, SendResult, Verdict
    from sumotext_backend.plugins import Plugins
    from sumotext_backend.sender import Sender

    __version__: str

__all__ = [
    "CallbackError",
    "ConfigurationError",
    "ConsentChange",
    "ConsentSource",
    "CrmUpdate",
    "DeliveryReport",
    "DeliveryStatus",
    "InboundMessage",
    "InfoRequest",
    "Message",
    "NotSentError",
    "NothingConfiguredError",
    "OptIn",
    "OptOut",
    "Outcome",
    "OutcomeUnknownError",
    "Part",
    "Plugins",
    "PollReply",
    "Reason",
    "RejectedError",
    "SendError",
    "SendResult",
    "Sender",
    "SmsBackend",
    "SmsError",
    "SubscriptionRequest",
    "UnknownBackendError",
    "Verdict",
    "connect",
    "hookimpl",
]

_HOMES = {
    "backend": ("SmsBackend",),
    "config": ("connect",),
    "events": (
        "ConsentChange",
        "ConsentSource",
        "CrmUpdate",
        "DeliveryReport",
        "DeliveryStatus",
        "InboundMessage",
        "InfoRequest",
        "OptIn",
        "OptOut",
        "Part",
        "PollReply",
        "SubscriptionRequest",
    ),
    "exceptions": (
        "CallbackError",
        "ConfigurationError",
        "NothingConfiguredError",
        "NotSentError",
        "OutcomeUnknownError",
        "RejectedError",
        "SendError",
        "SmsError",
        "UnknownBackendError",
    ),
    "hookspecs": ("hookimpl",),
    "models": ("Message", "Outcome", "Reason", "SendResult", "Verdict"),
    "plugins": ("Plugins",),
    "sender": ("Sender",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

# A type checker reads the imports above; it would believe any name of a module that has this.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import ``name`` and keep it; ``__version__`` is read from the installed metadata."""
        import importlib

        if name == "__version__":
            from importlib.metadata import version

            return version("sumotext-backend")
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = importlib.import_module(f"{__name__}.{_HOME_OF[name]}")
        return globals().setdefault(name, getattr(module, name))

    def __dir__() -> list[str]:
        """Every public name, imported or not."""
        return sorted({*globals(), *__all__})
