"""The ledger in Django's admin: to be looked at, and for opt-outs and doubts.

It is there where ``SMS_LEDGER`` names a database of ``DATABASES``. Nothing can be edited. Numbers
are masked unless the user has the permission ``sumotext.see_numbers``; the actions need
``change`` on the model.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import DatabaseError, models
from django.http import HttpRequest

from sumotext_backend import SmsError
from sumotext_backend.ledger import opt_out, settle
from sumotext_backend.providers import mask
from sumotext_django.ledgers import find_alias
from sumotext_django.models import Consent, Send, read_moment
from sumotext_django.senders import get_ledger

SEE_NUMBERS = "sumotext.see_numbers"


def may(request: HttpRequest, permission: str) -> bool:
    """Whether the user has ``permission``; a user model need not know of any."""
    return bool(getattr(request.user, "has_perm", lambda _: False)(permission))


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes none at run time
    """Rows of the ledger, which nobody edits here."""

    actions_selection_counter = True

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows in the ledger's own database, told who looks at them."""
        rows = self.model._default_manager.using(find_alias())  # noqa: SLF001 - Django's own name
        whole = may(request, SEE_NUMBERS)
        return rows.annotate(whole=models.Value(whole, models.BooleanField()))

    def lookup_allowed(self, lookup: str, *args: Any) -> bool:
        """The filters beside the list alone: others would find a masked number out, by digits."""
        return lookup.partition("__")[0] in self.list_filter

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Where there is a database to look into."""
        return find_alias() is not None and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As Django says, where there is a database."""
        return find_alias() is not None and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a no that can be deleted is none."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody edits; the permission is that of the actions."""
        return False

    def may_act(self, request: HttpRequest) -> bool:
        """Whether the user may run the actions."""
        return may(request, f"sumotext.change_{self.opts.model_name}")

    @admin.display(description="number")
    def number_of(self, row: Any) -> str:
        """The number, masked for those who may not see it."""
        if not row.number:
            return "(forgotten)"
        return str(row.number) if row.whole else mask(row.number)

    @admin.display(description="at", ordering="-seq")
    def moment(self, row: Any) -> Any:
        """When it was written."""
        return read_moment(getattr(row, "at", None) or getattr(row, "created_at", None))

    @admin.action(description="Opt the numbers out", permissions=["act"])
    def opt_out(self, request: HttpRequest, queryset: Any) -> None:
        """Write down that they want no texts."""
        numbers = {row.number for row in queryset if row.number}
        note = f"by {request.user.get_username()} in the admin"
        self._run(request, [lambda n=n: opt_out(get_ledger(), n, note=note) for n in numbers])

    def has_act_permission(self, request: HttpRequest) -> bool:
        """What the actions ask for."""
        return self.may_act(request)

    def _run(self, request: HttpRequest, steps: list[Any]) -> None:
        done, wrong = 0, ""
        for step in steps:
            try:
                step()
            except (SmsError, DatabaseError) as error:
                wrong = str(error) if isinstance(error, SmsError) else type(error).__name__
            else:
                done += 1
        if wrong:
            self.message_user(request, f"{done} of {len(steps)} done: {wrong}", messages.ERROR)
        else:
            self.message_user(request, f"{done} done", messages.SUCCESS)


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    """Words on who may be texted."""

    list_display = ("moment", "number_of", "word", "programme", "provider", "reason", "source")
    list_filter = ("word", "programme", "source")
    fields = (*list_display, "note")
    readonly_fields = fields
    actions = ("opt_out",)


@admin.register(Send)
class SendAdmin(ReadOnly):
    """Sends that are remembered."""

    list_display = ("moment", "number_of", "outcome", "reason", "provider", "settled")
    list_filter = ("outcome", "reason", "provider")
    fields = ("ref", *list_display, "message_id", "state")
    readonly_fields = fields
    actions = ("opt_out", "settle_sent", "settle_not_sent")

    @admin.action(description="Doubts: the texts went", permissions=["act"])
    def settle_sent(self, request: HttpRequest, queryset: Any) -> None:
        """Settle the doubts as sent."""
        self._settle(request, queryset, sent=True)

    @admin.action(description="Doubts: the texts did not go", permissions=["act"])
    def settle_not_sent(self, request: HttpRequest, queryset: Any) -> None:
        """Settle the doubts as not sent, which frees their keys."""
        self._settle(request, queryset, sent=False)

    def _settle(self, request: HttpRequest, queryset: Any, *, sent: bool) -> None:
        note = f"by {request.user.get_username()} in the admin"
        refs = [row.ref for row in queryset]
        self._run(
            request,
            [lambda r=r: settle(get_ledger(), r, sent=sent, note=note) for r in refs],
        )
