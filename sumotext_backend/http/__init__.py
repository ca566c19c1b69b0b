"""One HTTP request, sent once, with one deadline, that knows whether a byte may have left.

`HttpBackend` is the base of every backend that speaks HTTP; its `exchange` never raises for what
a network or a server does. See each module for the reasons.
"""

from sumotext_backend.http.answers import Answer, NoAnswer, by_status, judged
from sumotext_backend.http.backend import HttpBackend
from sumotext_backend.http.request import Request

__all__ = ["Answer", "HttpBackend", "NoAnswer", "Request", "by_status", "judged"]
