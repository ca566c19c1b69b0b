"""The carrier of a number, looked up once: before a text that needs it, or when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from sumotext_backend.asking import NoAnswer, read_answer
from sumotext_backend.backend import check
from sumotext_backend.exceptions import ConfigurationError, SmsError
from sumotext_backend.lookups import LookupMemory, Payer
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers.sumotext.https_first import exchange
from sumotext_backend.providers.sumotext.lookup_wire import Carrier
from sumotext_backend.providers.sumotext.lookups import find
from sumotext_backend.providers.sumotext.lookups import recall as find_known

if TYPE_CHECKING:
    from sumotext_backend.providers.sumotext.account import Account

LOOKUP: Final = "lookup"
"""What the option ``carrier`` says where the carrier is to be looked up."""

ABROAD: Final = "SUMOTEXT serves numbers of the US and Canada only"


def look_up(account: Account, number: Msisdn, lookups: LookupMemory) -> Carrier | NoAnswer:
    """The carrier of ``number``, remembered in ``lookups`` or looked up for US$0.005.

    Never raises for what a network, a server or a store does; nothing is looked up that cannot be
    remembered.
    """

    def ask() -> Carrier | NoAnswer:
        response = exchange(account, account.lookup_request(number))
        return read_answer(response, lambda got: account.read_lookup(got, number))

    return _remember(number, lambda: find(lookups, _name_payer(account), number.e164, ask))


def recall(account: Account, number: Msisdn, lookups: LookupMemory) -> Carrier | NoAnswer:
    """The carrier of ``number`` where it is remembered. Nobody is asked, and nothing is paid."""
    unknown = NoAnswer(Reason.UNAVAILABLE, "the number has not been looked up yet")
    payer = _name_payer(account)
    return _remember(number, lambda: find_known(lookups, payer, number.e164) or unknown)


def _remember(number: Msisdn, use: Callable[[], Carrier | NoAnswer]) -> Carrier | NoAnswer:
    if number.national is None:
        return NoAnswer(Reason.UNSUPPORTED, ABROAD)
    try:
        return use()
    except ConfigurationError as error:
        return NoAnswer(Reason.CONFIGURATION, str(error))
    except SmsError as error:
        return NoAnswer(Reason.UNAVAILABLE, str(error))


def _name_payer(account: Account) -> Payer:
    # What a simulator says of a number is not believed of the real gateway.
    return Payer(
        source=account.base_url,
        account=f"{account.shortcode} {account.base_url}",
        limit=account.lookups_per_day,
        lease=account.timeout,
    )


def wants_lookup(account: Account, message: Message) -> bool:
    """Whether the carrier of ``message`` is to be looked up by ``account``."""
    own = message.options.get(account.name)
    return (own.get("carrier", account.carrier) if own else account.carrier) == LOOKUP


def find_carrier(account: Account, message: Message, lookups: LookupMemory) -> Message | Verdict:
    """``message`` with the carrier of its number, looked up; itself where it cannot be sent.

    A look-up that fails means that the text was surely not sent: the verdict is of ``FAILED``,
    always.
    """
    number = check(message)
    if isinstance(number, Verdict) or number.national is None:
        return message
    said = look_up(account, number, lookups)
    if isinstance(said, NoAnswer):
        return _fail(said)
    if said.code is None:
        detail = "SUMOTEXT knows no carrier for the number; nothing was sent"
        return Verdict(reason=Reason.UNSUPPORTED, detail=detail)
    return _set_carrier(account.name, message, said.code)


def _fail(said: NoAnswer) -> Verdict:
    certain = said.reason.outcome is Outcome.FAILED
    detail = f"the carrier could not be looked up: {said.detail}; the text was not sent"
    reason = said.reason if certain else Reason.UNAVAILABLE
    return Verdict(reason=reason, detail=detail, retry_after=said.retry_after)


def _set_carrier(name: str, message: Message, carrier: str) -> Message:
    own: Mapping[str, object] = {**message.options.get(name, {}), "carrier": carrier}
    return attrs.evolve(message, options={**message.options, name: own})
