"""A provider of the commonest kind: a form, a login, 201 with an id, 4xx with a code in JSON."""

from base64 import b64encode
from typing import ClassVar
from urllib.parse import urlencode

import attrs

from sumotext_backend.providers import (
    HttpBackend,
    Message,
    Msisdn,
    Reason,
    Request,
    Response,
    Verdict,
    parse_object,
)

CODES = {
    21211: Reason.INVALID_RECIPIENT,
    21610: Reason.OPTED_OUT,
    20003: Reason.UNAUTHORIZED,
    21606: Reason.SENDER,
    20429: Reason.THROTTLED,
}


@attrs.frozen(kw_only=True)
class RestBackend(HttpBackend):
    """A REST API with refusals in HTTP 4xx."""

    name: ClassVar[str] = "rest"
    dsn: ClassVar[str] = "rest://{account}:{token}@{sender}"

    account: str = attrs.field(metadata={"help": "the account's id"})
    token: str = attrs.field(repr=False, metadata={"help": "its token", "secret": True})
    sender: str = attrs.field(metadata={"help": "the number to send from", "per_message": True})

    def request(self, message: Message, number: Msisdn) -> Request:
        """One POST of a form."""
        form = {"To": number.e164, "From": message.sender or self.sender, "Body": message.text}
        login = b64encode(f"{self.account}:{self.token}".encode()).decode()
        return Request(
            target=f"/Accounts/{self.account}/Messages.json",
            method="POST",
            body=urlencode(form).encode(),
            headers={
                "Authorization": f"Basic {login}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """An id, or the code of a refusal; what is in no table may be about the person."""
        match parse_object(response.body):
            case {"sid": str(sid)} if sid:
                return Verdict(message_id=sid)
            case {"code": int(code)}:
                return Verdict(reason=CODES.get(code, Reason.REFUSED), detail=f"code {code}")
        return Verdict(reason=Reason.BAD_ANSWER, detail="neither an id nor a code")
