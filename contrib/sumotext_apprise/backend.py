"""`AppriseBackend`: each of Apprise's services as a backend."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final
from urllib.parse import quote

import attrs
from apprise import Apprise

from sumotext_apprise.quiet import private
from sumotext_apprise.redirects import refuse_redirects
from sumotext_backend import (
    ConfigurationError,
    Message,
    Reason,
    SendResult,
    SmsBackend,
    Verdict,
)
from sumotext_backend.providers import Msisdn, check, run_within

TO: Final = "{to}"
_RECIPIENTS: Final = re.compile(r"target|recipient|phone|group|contact|topic|\Ab?cc\Z")
"""How plugins call the lists of those to whom they send."""
_EXAMPLE: Final = "+15015550100"  # of a range that nobody is given


def _service(_: object, field: attrs.Attribute[str], value: str) -> None:
    if value.count(TO) != 1:
        raise ConfigurationError(
            f"option {field.name!r} wants {TO} once, where the service's URL has the phone "
            f"number, such as twilio://SID:TOKEN@FROM/{TO}"
        )
    plugin = _plugin(value, _EXAMPLE, "")
    if plugin is None:
        raise ConfigurationError(
            f"option {field.name!r} is not a URL that Apprise can load; "
            "`apprise --details` lists the services and their URLs"
        )
    if plugin.retry:
        raise ConfigurationError(
            f"option {field.name!r} lets Apprise retry, which may text twice; leave out ?retry "
            "and use the backend 'retry'"
        )
    if _count_recipients(plugin) > 1:
        raise ConfigurationError(
            f"option {field.name!r} names others beside {TO}, who would get each text, whatever "
            "they said; leave them out"
        )


def _count_recipients(plugin: Any) -> int:
    """How many would be texted, as far as the plugin tells: some count a batch as one."""
    lists = [
        value
        for name, value in vars(plugin).items()
        if _RECIPIENTS.search(name) and isinstance(value, list | tuple | set | dict)
    ]
    return max(len(plugin), sum(map(len, lists)))


def _plugin(url: str, number: str, text: str) -> Any:
    """Apprise's plugin for one number; None where Apprise cannot load it."""
    with private(text):
        return Apprise.instantiate(url.replace(TO, quote(number, safe="")))


@attrs.frozen(kw_only=True)
class AppriseBackend(SmsBackend):
    """A service of Apprise, by its Apprise URL with ``{to}`` in place of the phone number.

    Apprise answers yes or no: yes is ACCEPTED without an id, no is UNKNOWN, since it does not
    tell whether a request left, nor whether the recipient was refused. It is FAILED only where
    Apprise refuses before any request. No redirect is followed.
    """

    name: ClassVar[str] = "apprise"
    dsn: ClassVar[str] = "apprise://"

    url: str = attrs.field(
        repr=False,
        validator=_service,
        metadata={
            "help": "Apprise's URL of the service, {to} where the number goes",
            "secret": True,
        },
    )
    timeout: float = attrs.field(
        default=30.0,
        validator=attrs.validators.gt(0),
        metadata={"help": "deadline of a whole send, in seconds"},
    )

    def send(self, message: Message) -> SendResult:
        """Send ``message`` by one call of the service's plugin, below Apprise's own retries."""
        return SendResult.of(self.name, message, self._verdict(message))

    def _verdict(self, message: Message) -> Verdict:
        number = check(message)
        if isinstance(number, Verdict):
            return number
        if message.options.get(self.name):
            return _refuse("there are no options per message for 'apprise'; put them in its 'url'")
        return run_within(self.timeout, lambda: self._notify(number, message.text))

    def _notify(self, number: Msisdn, text: str) -> Verdict:
        plugin = _plugin(self.url, number.e164, text)
        if plugin is None:
            return _refuse("Apprise refused the service's URL for this number")
        with private(text), refuse_redirects():
            accepted = plugin.notify(body=text)
        if accepted:
            return Verdict(detail=f"{plugin.service_name} gave no id")
        return Verdict(
            reason=Reason.BAD_ANSWER,
            detail=f"{plugin.service_name} did not confirm the text; Apprise does not tell "
            "whether it went",
        )


def _refuse(detail: str) -> Verdict:
    return Verdict(reason=Reason.CONFIGURATION, detail=detail)
