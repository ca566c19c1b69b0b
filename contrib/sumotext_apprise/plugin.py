"""`NotifySumotext`: Apprise's notifications as texts."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from apprise.common import NotifyType
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins.base import NotifyBase
from apprise.url import PrivacyMode

from sumotext_apprise import templates as forms
from sumotext_apprise import url as urls
from sumotext_apprise.gateway import account, open_configured
from sumotext_apprise.messages import text_of
from sumotext_apprise.targets import sort_targets
from sumotext_backend import ConfigurationError, Message, Outcome, Sender, SendResult

_OWN: Final = frozenset({*forms.OPTIONS, "provider"})
_HOST: Final = frozenset(NotifyBase.template_args)
# What Apprise's own reading of URLs and YAML files adds, whatever the plugin.
_KNOWN: Final = frozenset(NotifyBase.parse_url("x://x", verify_host=False) or ()) | {
    *_HOST,
    "asset",
    "tag",
}
_NAMES: Final = _OWN | _HOST | {"to"}
_NO_PLACE: Final = ("user", "password", "port")
_TIMEOUTS: Final = ("cto", "rto")
_UNVERIFIED: Final = (
    f"{urls.WHERE}: verify=no is refused, since numbers and texts would go to anybody; "
    "name the authority's certificate instead, by ca_bundle=/path/to/ca.pem"
)


class NotifySumotext(NotifyBase):  # type: ignore[misc]
    """Texts by SUMOTEXT, or by a provider or chain of the configuration.

    ``targets`` are the numbers in E.164, ``invalid_targets`` what was dropped, and ``results``
    maps each number to the last `SendResult`. A title is the first line of the text.
    Raises `AppriseImproperlyConfigured` for options that cannot be.
    """

    service_name = "SUMOTEXT"
    service_url = "https://www.sumotext.com/"
    setup_url = "https://www.sumotext.com/"
    secure_protocol = urls.SCHEME
    category = "custom"

    # SUMOTEXT documents no rate. These are seconds between requests.
    request_rate_per_sec = 0.0
    # The core's own: sooner than the gateway answers would leave more texts in doubt.
    socket_connect_timeout = 10.0
    socket_read_timeout = 20.0
    title_maxlen = 0
    body_maxlen = 160  # of a piece, where ?overflow=split or truncate asks for pieces

    templates = forms.TEMPLATES
    template_tokens: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_tokens,
        **forms.tokens(),
    }
    template_args: ClassVar[dict[str, Any]] = {
        **forms.take_inherited(NotifyBase.template_args),
        **forms.arguments(),
    }

    def __init__(self, provider: str | None = None, targets: object = None, **kwargs: Any) -> None:
        """Check all arguments and options; nothing is opened."""
        options = {name: kwargs.pop(name, None) for name in forms.OPTIONS}
        faults = [*kwargs.pop("faults", ()), *_faults(kwargs, provider)]
        super().__init__(**kwargs)
        self.provider = provider
        self.options = {name: str(each) for name, each in options.items() if each is not None}
        self._refuse(faults)
        self.sender = self._connect()
        self.options = {name: forms.write(name, each) for name, each in self.options.items()}
        found = sort_targets(targets, self.sender.region)
        self.targets, self.invalid_targets = found.good, found.bad
        self.results: dict[str, SendResult] = {}
        if found.bad:
            self.logger.warning("SUMOTEXT: dropped %d invalid phone number(s)", len(found.bad))

    def _refuse(self, faults: list[str]) -> None:
        """Raise the first of ``faults``, if there is one."""
        if not self.verify_certificate:
            faults = [*faults, _UNVERIFIED]
        for fault in faults[:1]:
            self.logger.warning(fault)
            raise AppriseImproperlyConfigured(fault)

    def _connect(self) -> Sender:
        try:
            if self.provider is not None:
                return open_configured(self.provider, self.options)
            return account(self.options, self.request_timeout, self.app_id)
        except ConfigurationError as error:
            wrong = str(error)
        self._refuse([wrong])
        raise AssertionError  # _refuse has raised

    def send(
        self,
        body: str,
        title: str = "",
        notify_type: NotifyType = NotifyType.INFO,
        **kwargs: Any,
    ) -> bool:
        """Text each target once at most; whether all were accepted.

        Where Apprise retries, only a target that surely got nothing, and for a reason that may
        pass, is tried again: not one that refused, nor one that may have got the text.
        """
        if not self.targets:
            self.logger.warning("SUMOTEXT: there is no valid phone number to text")
        text = text_of(body, title)
        accepted = [self._text(Message(target, text)) for target in self.targets]
        return bool(accepted) and all(accepted)

    def _text(self, message: Message) -> bool:
        """Whether the text was accepted, now or by an earlier try."""
        target = message.to
        if self.is_delivered(target):
            return True
        if self.recall(target):
            return False
        self.throttle()
        result = self.results[target] = self.sender.send(message)
        self._tell(result)
        if result.outcome is Outcome.ACCEPTED:
            self.mark_delivered(target)
        elif result.outcome is not Outcome.FAILED:
            self.remember(target, str(result.outcome))
        return result.outcome is Outcome.ACCEPTED

    def _tell(self, result: SendResult) -> None:
        """One line on ``result``, without number and text."""
        name = result.provider or result.backend
        if result.outcome is Outcome.ACCEPTED:
            self.logger.info("SUMOTEXT: %s accepted a text, id %s", name, result.message_id)
        else:
            line = "SUMOTEXT: %s: %s (%s): %s"
            self.logger.warning(line, name, result.outcome, result.reason, result.detail)

    @property
    def url_identifier(self) -> tuple[str, ...]:
        """The account, or the provider; never targets."""
        if self.provider is not None:
            return (self.secure_protocol, f"@{self.provider}")
        return (self.secure_protocol, self.options["shortcode"], self.options["keyword"])

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:  # noqa: FBT001, FBT002
        """The URL that makes this plugin again; with ``privacy``, for people to see."""
        query = self.url_parameters(*args, privacy=privacy, **kwargs)
        if self.provider is not None:
            query = {name: value for name, value in query.items() if name not in _TIMEOUTS}
        targets, options = (*self.targets, *self.invalid_targets), self.options
        if privacy:
            targets = tuple(self.pprint(each, mode=PrivacyMode.Tail) for each in self.targets)
            options = {name: self._show(name) for name in options}
        return urls.write(options, self.provider, targets, query)

    def _show(self, name: str) -> str:
        if forms.OPTIONS[name].private:
            return str(self.pprint(self.options[name], mode=PrivacyMode.Secret))
        return self.options[name]

    def __len__(self) -> int:
        """The number of targets; 1 where there is none, as Apprise's own plugins count."""
        return len(self.targets) or 1

    @staticmethod
    def parse_url(address: Any) -> dict[str, Any] | None:
        """The arguments that a URL stands for; None where it is no URL."""
        base: dict[str, Any] | None = NotifyBase.parse_url(address, verify_host=False)
        return {**base, **urls.read(address, base, _OWN, _HOST)} if base else None


# Apprise's checks compare the arguments with the templates; the options are declared elsewhere.
NotifySumotext.__init__.__signature__ = forms.signature()  # type: ignore[attr-defined]


def _faults(given: dict[str, Any], provider: str | None) -> list[str]:
    """One line for each argument that nothing would use."""
    lines = [urls.unknown(str(name), _NAMES) for name in given if name not in _KNOWN]
    placeless = [name for name in _NO_PLACE if given.get(name)]
    lines += [f"{urls.WHERE}: it has no place for a {name}" for name in placeless]
    if provider is not None:
        lines += [urls.explain_misplaced(name, provider) for name in _TIMEOUTS if name in given]
    return lines
