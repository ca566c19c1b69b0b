"""One HTTP request, sent once, with one deadline, that knows whether a byte may have left.

`HttpBackend` is the base of every backend that speaks HTTP; its `exchange` never raises for what
a network or a server does. See each module for the reasons.
"""

from sumotext_backend.http.backend import HttpBackend
from sumotext_backend.http.prepare import Prepared, conclude, prepare
from sumotext_backend.http.request import Request
from sumotext_backend.http.response import NoResponse, Response, classify_status, judge

__all__ = [
    "HttpBackend",
    "NoResponse",
    "Prepared",
    "Request",
    "Response",
    "classify_status",
    "conclude",
    "judge",
    "prepare",
]
