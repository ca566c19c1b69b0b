"""`KannelBackend`: a gateway of one's own, Kannel's smsbox or Jasmin.

Source: Kannel's ``gw/smsbox.c`` and user guide; Jasmin's page on its HTTP API and ``errors.py``.
Both answer with a line of words. Kannel gives no id: its texts are known by our reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Final, Literal

import attrs

from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.events import Event
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import kannel_callbacks, rest
from sumotext_backend.providers.incoming import collect
from sumotext_backend.segments import segment

_Rules = Mapping[str, Reason]

_KANNEL_TAKEN: Final = re.compile(
    r"0: Accepted for delivery|3: Queued for later delivery|Sent\.(?: Message splits: [0-9]{1,3})?"
)
_KANNEL: Final[_Rules] = {
    r"Number\(s\) has/have been denied by white- and/or black-lists\.": Reason.OPTED_OUT,
    r"(?:Missing|Empty) receiver.{0,40} rejected": Reason.INVALID_RECIPIENT,
    r"Authorization failed for sendsms": Reason.UNAUTHORIZED,
    r"Not routable\. Do not try again\.": Reason.UNSUPPORTED,
    r"Sender missing and no global set, rejected": Reason.SENDER,
    r"[A-Za-z-]{1,20}(?: field| or body) misformed(?: or too long)?, rejected": (
        Reason.REFUSED_REQUEST
    ),
    # What follows upon several parts of a text, or after some of it went.
    r"Temporal failure, try again later\.|Sending failed\.": Reason.SERVER_ERROR,
}

_JASMIN_TAKEN: Final = re.compile(
    r'Success "(?P<id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"', re.ASCII | re.IGNORECASE
)
_FIELDS: Final = "from|coding|username|password|dlr|dlr-url|dlr-level|dlr-method"
_JASMIN: Final[_Rules] = {
    r'Error "Argument \[?to\]? has an invalid value.*"': Reason.INVALID_RECIPIENT,
    r'Error "Argument \[?(?:hex-)?content\]? has an invalid value.*"': Reason.INVALID_MESSAGE,
    rf'Error "Argument \[?(?:{_FIELDS})\]? has an invalid value.*"': Reason.REFUSED_REQUEST,
    r'Error "Argument .* is unknown\."': Reason.REFUSED_REQUEST,
    r'Error "Mandatory arguments? .*not found.*"': Reason.REFUSED_REQUEST,
    r'Error "Auth(?:entication failure|orization failed) for username:.*"': Reason.UNAUTHORIZED,
    r'Error "Cannot charge submit_sm.*"': Reason.NO_CREDIT,
    r'Error "User throughput exceeded.*"': Reason.THROTTLED,
    r'Error "No route found"': Reason.UNSUPPORTED,
    r'Error "Cannot send submit_sm.*"': Reason.SERVER_ERROR,
}


@attrs.frozen(kw_only=True)
class KannelBackend(HttpBackend):
    """Kannel or Jasmin: a text is one GET, and the line that comes back is judged."""

    name: ClassVar[str] = "kannel"
    dsn: ClassVar[str] = "kannel://{username}:{password}@{sender}"

    username: str = attrs.field(
        validator=check_word, metadata={"help": "user name of sendsms-user, or of Jasmin"}
    )
    password: str = attrs.field(
        repr=False, validator=check_word, metadata={"help": "its password", "secret": True}
    )
    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={
            "per_message": True,
            "help": "number, short code or name to send from (the gateway's own if unset)",
        },
    )
    dialect: Literal["kannel", "jasmin"] = attrs.field(
        default="kannel",
        validator=attrs.validators.in_(("kannel", "jasmin")),
        metadata={"help": "which of the two answers"},
    )
    smsc: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={"help": "Kannel's smsc-id that the text must go by"},
    )
    callback_url: str | None = callback_url_option(
        "where the gateway reports what became of a text"
    )
    base_url: str = attrs.field(
        metadata={"help": "where the gateway answers, such as http://127.0.0.1:13013"}
    )

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One GET."""
        login = {"username": self.username, "password": self.password}
        own = {"from": rest.choose_sender(message, self.name, self.sender), "to": number.e164}
        jasmin = self.dialect == "jasmin"
        more = self._write_jasmin(message) if jasmin else self._write_kannel(message)
        return Request(
            target=rest.make_target(
                "/send" if jasmin else "/cgi-bin/sendsms", rest.drop_unset(login | own | more)
            ),
            reference=None if jasmin else message.reference,
        )

    def _write_kannel(self, message: Message) -> dict[str, str | None]:
        unicode = segment(message.text).encoding == "UCS-2"
        url = rest.make_callback(self.callback_url, message)
        if url and "%d" not in url:  # which Kannel replaces by the status
            url = f"{url}{'&' if '?' in url else '?'}status=%d"
        return {
            "text": message.text,
            "charset": "UTF-8",
            "coding": "2" if unicode else "0",
            "smsc": self.smsc,
            "dlr-mask": "31" if url else None,
            "dlr-url": url,
        }

    def _write_jasmin(self, message: Message) -> dict[str, str | None]:
        unicode = segment(message.text).encoding == "UCS-2"
        url = rest.make_callback(self.callback_url, message)
        return {
            "content": None if unicode else message.text,
            "hex-content": message.text.encode("utf-16-be").hex() if unicode else None,
            "coding": "8" if unicode else "0",
            "dlr": "yes" if url else "no",
            "dlr-url": url,
            "dlr-level": "3" if url else None,
            "dlr-method": "POST" if url else None,
        }

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """What the line says, where all of it came."""
        line = rest.find_line(response)
        if line is None:
            return rest.doubt("the response is not one whole line of words")
        taken, rules = _DIALECTS[self.dialect]
        if found := taken.fullmatch(line):
            return Verdict(message_id=found.groupdict().get("id"))
        if words := next((each for each in rules if re.fullmatch(each, line)), None):
            detail = "the gateway refused in words that we know"
            return Verdict(reason=rules[words], detail=detail, raw=" ".join(line.split()[:2]))
        if not response.is_client_error:
            return rest.doubt("the response is neither an acceptance nor a refusal that we know")
        return Verdict(reason=Reason.REFUSED, detail="the gateway refused in words of its own")

    def read_callback(self, callback: Callback) -> list[Event]:
        """Reports and texts from handsets, as a query or a form."""
        jasmin = self.dialect == "jasmin"
        read = kannel_callbacks.read_jasmin if jasmin else kannel_callbacks.read_kannel
        return collect(read(callback))

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """Never proven, as nothing is signed."""
        return Authenticity.UNPROVEN

    def reply_to(self, callback: Callback) -> Reply:
        """Jasmin's word for yes; for Kannel nothing, as a body would be texted back."""
        return kannel_callbacks.REPLIES[self.dialect]


_DIALECTS: Final = {"kannel": (_KANNEL_TAKEN, _KANNEL), "jasmin": (_JASMIN_TAKEN, _JASMIN)}
