"""The SMS layer that never texts twice, never texts someone who said no, and never hides a doubt.

::

    from sumotext_backend import Message, connect

    with connect("sumotext://74700/SUMO?carrier=ATTUS") as sms:
        result = sms.send(Message("5015551234", "hello"))
"""

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config import connect
from sumotext_backend.exceptions import (
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
from sumotext_backend.sender import Sender

__all__ = [
    "ConfigurationError",
    "Message",
    "NotSentError",
    "NothingConfiguredError",
    "Outcome",
    "OutcomeUnknownError",
    "Reason",
    "RejectedError",
    "SendError",
    "SendResult",
    "Sender",
    "SmsBackend",
    "SmsError",
    "UnknownBackendError",
    "Verdict",
    "connect",
    "hookimpl",
]


def __getattr__(name: str) -> str:
    """``__version__``, read from the installed metadata only when asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("sumotext-backend")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
