"""The face for authors of providers: all that one needs, from one place.

A provider over HTTP derives from `HttpBackend`, says in `request` what goes out and in `read`
what comes back, and has no I/O::

    from sumotext_backend.providers import HttpBackend, Message, Msisdn, Reason, Request, ...
"""

from sumotext_backend.backend import SmsBackend, check
from sumotext_backend.deadline import limits
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
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
from sumotext_backend.models import Message, Outcome, Reason, SendResult, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.options import shown
from sumotext_backend.overrides import message_options, overridable, override
from sumotext_backend.redact import mask, scrub

__all__ = [
    "ConfigurationError",
    "HttpBackend",
    "Message",
    "Msisdn",
    "NoResponse",
    "Outcome",
    "Prepared",
    "Reason",
    "Request",
    "Response",
    "SendResult",
    "SmsBackend",
    "Verdict",
    "check",
    "conclude",
    "did_you_mean",
    "judge",
    "limits",
    "mask",
    "message_options",
    "overridable",
    "override",
    "parse_object",
    "prepare",
    "scrub",
    "shown",
]
