"""What changes something at SUMOTEXT, driven: groups of a keyword, and opt-ins by a web form.

Each is one request that is made once, whatever the network does, and ends as a send does: its
`Verdict` is accepted, refused (`REJECTED`), surely not done (`FAILED`) or a doubt (`UNKNOWN`),
after which it must not be made again by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from sumotext_backend.http import judge
from sumotext_backend.models import Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers.sumotext import groups
from sumotext_backend.providers.sumotext.https_first import exchange
from sumotext_backend.providers.sumotext.legacy import SumotextBackend
from sumotext_backend.providers.sumotext.lookup import ABROAD


def change_group(
    account: SumotextBackend,
    action: groups.Action,
    group: str,
    number: Msisdn | None = None,
) -> Verdict:
    """Do ``action`` to the ``group`` of the account's keyword: with ``number`` for ``addmember``.

    ``delete`` and ``clear`` cannot be undone. Never raises for what a network or a server does.
    """
    wrong = _check_member(action, number)
    if wrong:
        return wrong
    member = (number.national or "") if number else ""
    request = groups.make_request(_name_programme(account), action, group, member)
    response = exchange(account, request)
    return judge(
        response,
        lambda got: groups.read(got, action),
        enough=request.enough,
        trust_4xx=account.trust_4xx,
    )


def opt_in(account: SumotextBackend, number: Msisdn, fields: Sequence[str] = ()) -> Verdict:
    """Begin an opt-in of ``number`` to the account's keyword, with the web form's ``fields``.

    SUMOTEXT does not document what it answers, so that the best that comes is a doubt: the
    person's handset tells. Raises `ValueError` for more than `groups.MAX_FIELDS` fields.
    """
    if number.national is None:
        return Verdict(reason=Reason.UNSUPPORTED, detail=ABROAD)
    request = groups.make_opt_in(_name_programme(account), number.national, fields)
    response = exchange(account, request)
    return judge(response, groups.read_opt_in, trust_4xx=account.trust_4xx)


def _check_member(action: groups.Action, number: Msisdn | None) -> Verdict | None:
    if (action == "addmember") != (number is not None):
        detail = "addmember takes a number, and no other action does"
        return Verdict(reason=Reason.CONFIGURATION, detail=detail)
    if number is not None and number.national is None:
        return Verdict(reason=Reason.UNSUPPORTED, detail=ABROAD)
    return None


def _name_programme(account: SumotextBackend) -> groups.Programme:
    return groups.Programme(account.shortcode, account.keyword)
