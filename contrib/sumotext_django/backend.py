"""`SmsBackend` for django-sms: ``SMS_BACKEND = "sumotext_django.SmsBackend"``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sumotext_backend import Message, Outcome, Reason, Sender, SendResult
from sumotext_backend.providers import hide_frames
from sumotext_django.djangosms import djangosms
from sumotext_django.errors import MisconfiguredError, NotAcceptedError
from sumotext_django.messages import messages_from
from sumotext_django.native import check_options, deliver
from sumotext_django.raising import RaiseOn, raise_on_of
from sumotext_django.senders import (
    Pool,
    configuration,
    get_sender,
    read_region,
    replace_options_of,
    sender_of,
)
from sumotext_django.signals import tell_sent

djangosms()
from sms.backends.base import BaseSmsBackend  # noqa: E402 - once it is sure what 'sms' is


class SmsBackend(BaseSmsBackend):
    """Sends django-sms's messages through a provider of ``SMS_PROVIDERS``.

    ``alias`` names the provider. ``raise_on`` says when `send_messages` raises: for ``any`` text
    that was not accepted, if ``all`` were not, or ``never``; by default as ``SMS_RAISE_ON`` says,
    or ``any``. ``fail_silently`` means ``never``. All other names are options of the provider.
    Raises `SettingsError`, whatever ``fail_silently`` says.
    """

    def __init__(
        self,
        fail_silently: bool = False,  # noqa: FBT001, FBT002 - as django-sms calls it
        *,
        alias: str = "default",
        raise_on: RaiseOn | None = None,
        **options: object,
    ) -> None:
        """Check the settings; nothing is opened."""
        super().__init__(fail_silently=fail_silently)
        self.alias = alias
        self.raise_on = raise_on_of(raise_on)
        self._options = options
        self._own = Pool()
        self._is_open = False
        self._sender()

    def open(self) -> bool:
        """Keep connections until `close`; True only if this call opened."""
        opened, self._is_open = not self._is_open, True
        return opened

    def close(self) -> None:
        """Close what this backend opened for itself; connections of the process stay."""
        self._is_open = False
        self._own.close()

    @hide_frames
    def send_messages(self, messages: Iterable[Any] | None) -> int:
        """Send every message to every recipient, once at most; how many texts were accepted.

        The results are on each message as ``sms_results``, a mapping of recipients.
        Raises `NotAcceptedError` as ``raise_on`` says, after all were tried, `SettingsError` in
        any case, and, before anything is sent, `TypeError` or `ValueError` for a message that is
        none.
        """
        region = read_region()
        drafts = [(message, messages_from(message, region=region)) for message in messages or ()]
        if not drafts:
            return 0
        opened = self.open()
        try:
            return self._send(drafts)
        finally:
            if opened:
                self.close()

    def _send(self, drafts: list[tuple[Any, list[Message]]]) -> int:
        sender, results = self._sender(), list[SendResult]()
        check_options(sender, [text for _, texts in drafts for text in texts])
        for message, texts in drafts:
            message.sms_results = {}
            for text in texts:
                results.append(deliver(sender, text, self.alias))
                message.sms_results[text.to] = results[-1]
            tell_sent(message, message.sms_results, self.alias)
        self._judge(results)
        return sum(one.outcome is Outcome.ACCEPTED for one in results)

    def _judge(self, results: list[SendResult]) -> None:
        """Raise what ``raise_on`` asks for; what is misconfigured is never silent."""
        bad = [one for one in results if one.outcome is not Outcome.ACCEPTED]
        if any(one.reason is Reason.CONFIGURATION for one in bad):
            raise MisconfiguredError(results)
        raise_on = "never" if self.fail_silently else self.raise_on
        if bad and (raise_on == "any" or (raise_on == "all" and len(bad) == len(results))):
            raise NotAcceptedError(results)

    def _sender(self) -> Sender:
        if not self._options:
            return get_sender(self.alias)
        return self._own.get(self.alias, self._replace_options)

    def _replace_options(self) -> Sender:
        return sender_of(replace_options_of(configuration(self.alias), self._options))

    def __getstate__(self) -> dict[str, object]:
        """Without connections, so that a message that was sent travels."""
        return {**self.__dict__, "_own": Pool(), "_is_open": False}
