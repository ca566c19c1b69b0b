"""For tests of projects: no text leaves, and each test begins with an empty outbox.

`override` is a decorator and a context manager. For pytest see `sumotext_django.pytest_plugin`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import attrs
from django.conf import settings
from django.test import override_settings
from django.test.utils import TestContextDecorator

from sumotext_backend.ledger import Ledger, MemoryDatabase
from sumotext_backend.local import MemoryBackend, Outbox
from sumotext_django.checks import BACKEND
from sumotext_django.ledgers import LEDGER
from sumotext_django.senders import PROVIDERS
from sumotext_django.signals import tell_consent


@attrs.frozen(kw_only=True)
class _Recorder(MemoryBackend):
    """A memory backend whose outbox is shared."""

    outbox: Outbox = attrs.field(eq=False, repr=False)


class override(override_settings):  # noqa: N801 - as override_settings
    """Every provider, and django-sms, keep their texts in one list, a new one each time.

    ``override(main="NOT_OPTED_IN")`` lets each send through the provider ``main`` end so (see
    `Reason`); a name that is not an alias of ``SMS_PROVIDERS`` is a `ValueError`. As a context
    manager it gives the outbox, a list of `Message`; the tests of a decorated class find it in
    ``self.outbox``.
    """

    outbox: Outbox

    def __init__(self, **reasons: str) -> None:
        """Keep ``reasons``; settings are read when it begins."""
        super().__init__()
        self.attr_name = "outbox"
        self.reasons = reasons

    def decorate_class(self, cls: type) -> type:
        """Begin anew before each test of ``cls``, as override_settings does not."""
        decorated: type = TestContextDecorator.decorate_class(self, cls)
        return decorated

    def __enter__(self) -> Outbox:  # type: ignore[override]  # django-stubs knows one value only
        """Begin; the outbox is what ``as`` names."""
        return self.enable()

    def enable(self) -> Outbox:
        """Begin with an empty outbox."""
        self.outbox = Outbox()
        self.options = {
            PROVIDERS: _recorders(self.outbox, self.reasons),
            BACKEND: "sumotext_django.SmsBackend",
            LEDGER: Ledger(MemoryDatabase(), tell=tell_consent),
        }
        if "sms" in sys.modules:
            # What django-sms's own locmem backend keeps is never emptied by anybody.
            vars(sys.modules["sms"])["outbox"] = []
        super().enable()
        return self.outbox


def _recorders(outbox: Outbox, reasons: Mapping[str, str]) -> dict[str, Any]:
    aliases = {"default": None, **(getattr(settings, PROVIDERS, None) or {})}
    for alias in reasons:
        if alias not in aliases:
            raise ValueError(f"{PROVIDERS} has no provider {alias!r}")
    return {each: _Recorder(outbox=outbox, reason=reasons.get(each)) for each in aliases}
