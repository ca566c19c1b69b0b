"""`GatewayBackend`: any HTTP API that takes one text by one request, by configuration alone."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, Request, Response
from sumotext_backend.http.checks import callback_url_option, check_word
from sumotext_backend.models import Message, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest
from sumotext_backend.providers.gateway import template
from sumotext_backend.providers.gateway.proof import find_unsafe
from sumotext_backend.providers.gateway.rules import Rules, make_rules, parse_refusals, read
from sumotext_backend.providers.gateway.template import Template

_LOGINS: Final[dict[str, set[str]]] = {
    "none": set(),
    "basic": {"username", "password"},
    "bearer": {"token"},
}
"""The options that each login needs."""


def _one_of(*words: str) -> Any:
    return attrs.validators.in_(words)


@attrs.frozen(kw_only=True)
class GatewayBackend(HttpBackend):
    """Any other provider. Raises `ConfigurationError` for rules that may accept half an answer."""

    name: ClassVar[str] = "gateway"

    path: str = attrs.field(metadata={"help": "what follows base_url, such as /send"})
    method: Literal["GET", "POST"] = attrs.field(
        default="POST", validator=_one_of("GET", "POST"), metadata={"help": "of the request"}
    )
    fields: tuple[str, ...] = attrs.field(
        default=(),
        repr=False,
        metadata={"help": "NAME=VALUE of the query or form; {to} {text} {sender} {ref} are marks"},
    )
    json: str | None = attrs.field(
        default=None, repr=False, metadata={"help": "a body in JSON instead, with the same marks"}
    )
    headers: tuple[str, ...] = attrs.field(
        default=(), repr=False, metadata={"help": "NAME: VALUE of further headers; {token} is one"}
    )
    login: Literal["none", "basic", "bearer"] = attrs.field(
        default="none",
        validator=_one_of("none", "basic", "bearer"),
        metadata={"help": "basic by username and password, bearer by token"},
    )
    username: str | None = attrs.field(
        default=None, validator=check_word, metadata={"help": "of the login, or {username}"}
    )
    password: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_word,
        metadata={"help": "of the login, or {password}", "secret": True},
    )
    token: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_word,
        metadata={"help": "of the login, or {token}", "secret": True},
    )
    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={"per_message": True, "help": "what {sender} stands for"},
    )
    callback_url: str | None = callback_url_option("what {callback} stands for, with ?ref= added")
    number: Literal["e164", "digits", "national"] = attrs.field(
        default="e164",
        validator=_one_of("e164", "digits", "national"),
        metadata={"help": "how {to} is written: +15015551234, 15015551234 or 5015551234"},
    )
    charset: Literal["utf-8", "iso-8859-1"] = attrs.field(
        default="utf-8",
        validator=_one_of("utf-8", "iso-8859-1"),
        metadata={"help": "of the query or form"},
    )
    answer: Literal["json", "line", "text"] = attrs.field(
        validator=_one_of("json", "line", "text"),
        metadata={"help": "what is judged: an object of JSON, the first line, or the whole text"},
    )
    accepted: tuple[str, ...] = attrs.field(
        default=(), metadata={"help": "POINTER=VALUE, each of which an accepting JSON must have"}
    )
    id: str = attrs.field(
        metadata={"help": "where an accepting answer has its id: JSON pointer, or (?P<id>…)"}
    )
    code: str | None = attrs.field(
        default=None,
        metadata={"help": "where a refusing answer has its code: JSON pointer, or (?P<code>…)"},
    )
    refusals: tuple[str, ...] = attrs.field(
        default=(), metadata={"help": "CODE=REASON; a code that is not listed is REFUSED"}
    )
    sample: str = attrs.field(
        repr=False, metadata={"help": "an accepting answer from the provider's documentation"}
    )
    _rules: Rules = attrs.field(init=False, repr=False, eq=False)
    _template: Template = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what no request could be made of, and rules that may accept half an answer."""
        super().__attrs_post_init__()
        object.__setattr__(self, "_template", self._make_template())
        object.__setattr__(self, "_rules", self._make_rules())
        if unsafe := find_unsafe(self._rules, self.sample):
            raise ConfigurationError(unsafe)

    def _make_template(self) -> Template:
        if not self.path.startswith("/") or not self.path.isascii() or " " in self.path:
            raise ConfigurationError("option 'path' wants /path, percent-encoded")
        if self.json is not None and (self.fields or self.method == "GET"):
            raise ConfigurationError("option 'json' goes with neither 'fields' nor method GET")
        made = Template(
            self.method,
            self.path,
            template.parse_pairs("fields", self.fields, "="),
            None if self.json is None else template.parse_json("json", self.json),
            template.parse_pairs("headers", self.headers, ":"),
            self.charset,
        )
        self._check_marks(template.find_marks(made))
        return made

    def _check_marks(self, marks: set[str]) -> None:
        for mark in ("to", "text"):
            if mark not in marks:
                raise ConfigurationError(f"option 'fields' or 'json' lacks the mark {{{mark}}}")
        for name in sorted(_LOGINS[self.login] | marks & {"username", "password", "token"}):
            if getattr(self, name) is None:
                raise ConfigurationError(f"option {name!r} is missing, and is used")

    def _make_rules(self) -> Rules:
        accepted = template.parse_pairs("accepted", self.accepted, "=")
        refusals = parse_refusals(template.parse_pairs("refusals", self.refusals, "="))
        return make_rules(self.answer, accepted, self.id, self.code, refusals)

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """The request as it is configured."""
        to = {"e164": number.e164, "digits": number.e164[1:], "national": number.national}
        if (written := to[self.number]) is None:
            detail = "the provider takes numbers of the US and Canada only"
            return Verdict(reason=Reason.UNSUPPORTED, detail=detail)
        try:
            return template.write(self._template, self._fill(message, written), self._login())
        except UnicodeEncodeError:
            detail = f"the text has a character that {self.charset} has not"
        return Verdict(reason=Reason.UNSUPPORTED, detail=detail)

    def _fill(self, message: Message, to: str) -> dict[str, str]:
        values = {
            "to": to,
            "text": message.text,
            "sender": rest.choose_sender(message, self.name, self.sender),
            "ref": message.reference,
            "callback": rest.make_callback(self.callback_url, message),
            "username": self.username,
            "password": self.password,
            "token": self.token,
        }
        return {name: value or "" for name, value in values.items()}

    def _login(self) -> dict[str, str]:
        if self.login == "basic":
            return rest.make_basic_login(self.username or "", self.password or "")
        return rest.make_bearer_login(self.token or "") if self.login == "bearer" else {}

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """What the rules say."""
        return read(self._rules, response, number)
