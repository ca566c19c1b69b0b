"""The providers' backends, and the face for authors of more: all that one needs, from one place.

Each backend is imported when it is asked for: ``from sumotext_backend.providers import
TwilioBackend``.

A provider over HTTP derives from `HttpBackend`, says in `request` what goes out and in `read`
what comes back, and has no I/O::

    from sumotext_backend.providers import HttpBackend, Message, Msisdn, Reason, Request, ...
"""

from typing import TYPE_CHECKING

from sumotext_backend.asking import (
    Answerer,
    Found,
    NoAnswer,
    Question,
    Reporter,
    ask,
    fetch_report,
    poll,
)
from sumotext_backend.backend import SmsBackend, check
from sumotext_backend.bounded import run_within
from sumotext_backend.callbacks import (
    Authenticity,
    Callback,
    NamesCertificate,
    ReadsCallbacks,
    Reply,
)
from sumotext_backend.deadline import limits
from sumotext_backend.events import Event
from sumotext_backend.exceptions import CallbackError, ConfigurationError, did_you_mean
from sumotext_backend.frames import hide_frames
from sumotext_backend.http import (
    HttpBackend,
    NoResponse,
    Prepared,
    Request,
    Response,
    conclude,
    judge,
    prepare,
)
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.keywords import add_consent, read_keyword
from sumotext_backend.lazy import attach
from sumotext_backend.models import Message, Outcome, Reason, SendResult, Verdict
from sumotext_backend.msisdn import InvalidNumberError, Msisdn
from sumotext_backend.msisdn import parse as parse_number
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.options import Option, make, options_of, quote_name
from sumotext_backend.options import read as read_option
from sumotext_backend.overrides import message_options, overridable, override
from sumotext_backend.parts import join_parts
from sumotext_backend.redact import mask, scrub

if TYPE_CHECKING:
    from sumotext_backend.providers.aws import AwsBackend
    from sumotext_backend.providers.bandwidth import BandwidthBackend
    from sumotext_backend.providers.clicksend import ClickSendBackend
    from sumotext_backend.providers.elks import ElksBackend
    from sumotext_backend.providers.gateway import GatewayBackend
    from sumotext_backend.providers.inbox import InboxBackend
    from sumotext_backend.providers.infobip import InfobipBackend
    from sumotext_backend.providers.kannel import KannelBackend
    from sumotext_backend.providers.messagebird import MessageBirdBackend
    from sumotext_backend.providers.plivo import PlivoBackend
    from sumotext_backend.providers.sinch import SinchBackend
    from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend
    from sumotext_backend.providers.telnyx import TelnyxBackend
    from sumotext_backend.providers.twilio import TwilioBackend
    from sumotext_backend.providers.vonage import VonageBackend
    from sumotext_backend.registry import listing as list_backends
    from sumotext_backend.registry import names as list_backend_names

__all__ = [
    "DEFAULT_REGION",
    "Answerer",
    "Authenticity",
    "AwsBackend",
    "BandwidthBackend",
    "Callback",
    "CallbackError",
    "ClickSendBackend",
    "ConfigurationError",
    "ElksBackend",
    "Event",
    "Found",
    "GatewayBackend",
    "HttpBackend",
    "InboxBackend",
    "InfobipBackend",
    "InvalidNumberError",
    "KannelBackend",
    "Message",
    "MessageBirdBackend",
    "Msisdn",
    "NamesCertificate",
    "NoAnswer",
    "NoResponse",
    "Option",
    "Outcome",
    "PlivoBackend",
    "Prepared",
    "Question",
    "ReadsCallbacks",
    "Reason",
    "Reply",
    "Reporter",
    "Request",
    "Response",
    "SendResult",
    "SinchBackend",
    "SmsBackend",
    "SumotextBackend",
    "SumotextV2Backend",
    "TelnyxBackend",
    "TwilioBackend",
    "Verdict",
    "VonageBackend",
    "add_consent",
    "ask",
    "check",
    "conclude",
    "did_you_mean",
    "fetch_report",
    "hide_frames",
    "join_parts",
    "judge",
    "limits",
    "list_backend_names",
    "list_backends",
    "make",
    "mask",
    "message_options",
    "options_of",
    "overridable",
    "override",
    "parse_number",
    "parse_object",
    "poll",
    "prepare",
    "quote_name",
    "read_keyword",
    "read_option",
    "run_within",
    "scrub",
]

_MODULES = {
    "AwsBackend": "aws",
    "BandwidthBackend": "bandwidth",
    "ClickSendBackend": "clicksend",
    "ElksBackend": "elks",
    "GatewayBackend": "gateway",
    "InboxBackend": "inbox",
    "InfobipBackend": "infobip",
    "KannelBackend": "kannel",
    "MessageBirdBackend": "messagebird",
    "PlivoBackend": "plivo",
    "SinchBackend": "sinch",
    "SumotextBackend": "sumotext",
    "SumotextV2Backend": "sumotext",
    "TelnyxBackend": "telnyx",
    "TwilioBackend": "twilio",
    "VonageBackend": "vonage",
}

_HOMES = {
    **{name: f"{__name__}.{module}" for name, module in _MODULES.items()},
    "list_backend_names": "sumotext_backend.registry:names",
    "list_backends": "sumotext_backend.registry:listing",
}

# A type checker reads the imports above; it would believe any name of a module that has this.
if not TYPE_CHECKING:
    __getattr__ = attach(__name__, _HOMES)

    def __dir__() -> list[str]:
        """Every public name, imported or not."""
        return sorted({*globals(), *__all__})
