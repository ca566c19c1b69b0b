"""`AwsBackend`: AWS End User Messaging SMS, version 2 (``pinpoint-sms-voice-v2``).

Source: botocore's description of the service, and AWS's list of errors that all services share.
Amazon SNS is another service; it does not say that a number has opted out.
"""

from __future__ import annotations

import re
import time
from typing import Any, ClassVar, Final

import attrs

from sumotext_backend.callbacks import Authenticity, Callback, Reply
from sumotext_backend.deadline import within
from sumotext_backend.events import Event
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.http import HttpBackend, NoResponse, Request, Response
from sumotext_backend.http.checks import check_word
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import aws_callbacks, aws_signing, rest
from sumotext_backend.providers.incoming import collect
from sumotext_backend.providers.signatures import authenticate, require_cryptography

MAX_CHARACTERS: Final = 1600
"""Of one text."""

_TARGET: Final = "PinpointSMSVoiceV2.SendTextMessage"
_IDENTITY: Final = re.compile(r"[A-Za-z0-9_:/+-]{1,256}")
_ID: Final = re.compile(r"[0-9A-Za-z-]{16,100}", re.ASCII)

REASONS: Final = rest.make_reasons(
    {
        Reason.OPTED_OUT: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        Reason.REFUSED: "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
        Reason.INVALID_RECIPIENT: "DestinationPhoneNumber",
        Reason.INVALID_MESSAGE: "MessageBody",
        Reason.UNAUTHORIZED: (
            "AccessDeniedException UnrecognizedClientException InvalidClientTokenId "
            "InvalidSignatureException SignatureDoesNotMatch IncompleteSignature "
            "IncompleteSignatureException MissingAuthenticationToken "
            "MissingAuthenticationTokenException ExpiredTokenException RequestExpired OptInRequired"
        ),
        Reason.NO_CREDIT: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
        Reason.THROTTLED: "ThrottlingException Throttling TooManyRequestsException",
        Reason.SENDER: (
            "OriginationIdentity ResourceNotFoundException NO_ORIGINATION_IDENTITIES_FOUND "
            "NUMBER_CAPABILITIES_MISMATCH MESSAGE_TYPE_MISMATCH RESOURCE_NOT_ACTIVE "
            "SENDER_ID_NOT_REGISTERED SENDER_ID_NOT_SUPPORTED SENDER_ID_REQUIRES_REGISTRATION "
            "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY"
        ),
        Reason.UNSUPPORTED: (
            "DESTINATION_PHONE_NUMBER_NOT_VERIFIED COUNTRY_NOT_ENABLED DESTINATION_COUNTRY_BLOCKED "
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"
        ),
        Reason.REFUSED_REQUEST: (
            "ConfigurationSetName UnknownOperationException SerializationException"
        ),
        Reason.SERVER_ERROR: "InternalServerException InternalFailure ServiceUnavailable",
    }
)
"""An error's ``Reason``, or the field that it names, or else its type."""


@attrs.frozen(kw_only=True)
class AwsBackend(HttpBackend):
    """AWS End User Messaging SMS, which takes and answers JSON. Needs the extra ``aws``.

    Without ``access_key_id`` the keys are found as all of AWS's programs find them: environment,
    files, the machine's role. The reference of a message goes into ``Context``, which events
    bring back.
    """

    name: ClassVar[str] = "aws"
    dsn: ClassVar[str] = "aws://{access_key_id}:{secret_access_key}@{region}/{sender}"

    region: str = attrs.field(validator=aws_signing.check_region, metadata={"help": "AWS's region"})
    access_key_id: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={"help": "an access key's id, if it is not to be found as AWS's programs do"},
    )
    secret_access_key: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_word,
        metadata={"help": "the access key's secret", "secret": True},
    )
    session_token: str | None = attrs.field(
        default=None,
        repr=False,
        validator=check_word,
        metadata={"help": "token of a temporary access key", "secret": True},
    )
    sender: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={
            "help": "number, short code, name, pool, or id or ARN of one, to send from",
            "per_message": True,
        },
    )
    configuration_set: str | None = attrs.field(
        default=None,
        validator=check_word,
        metadata={"help": "name or ARN of a configuration set, which says where events go"},
    )
    topic_arns: tuple[str, ...] = attrs.field(
        default=(),
        converter=tuple,
        validator=aws_callbacks.check_topics,
        metadata={"help": "ARNs of the SNS topics whose notifications are taken"},
    )
    base_url: str = attrs.field(
        default=attrs.Factory(
            lambda self: f"https://sms-voice.{self.region}.amazonaws.com", takes_self=True
        ),
        metadata={"help": "where the API answers; that of the region if unset"},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse what no request could be made of."""
        super().__attrs_post_init__()
        if bool(self.access_key_id) != bool(self.secret_access_key):
            raise ConfigurationError("options 'access_key_id' and 'secret_access_key' go together")
        if self.session_token and not self.access_key_id:
            raise ConfigurationError("option 'session_token' goes with 'access_key_id'")
        aws_signing.require_botocore()
        if self.topic_arns:
            require_cryptography("topic_arns")

    def request(self, message: Message, number: Msisdn) -> Request | Verdict:
        """One POST of JSON, not signed yet."""
        if too_long := rest.check_length(message.text, MAX_CHARACTERS, "AWS"):
            return too_long
        if message.text.isspace():
            return Verdict(reason=Reason.UNSUPPORTED, detail="AWS takes no text of spaces alone")
        sender = rest.choose_sender(message, self.name, self.sender)
        if sender and not _IDENTITY.fullmatch(sender):
            return Verdict(reason=Reason.SENDER, detail="AWS has no sender that is written so")
        fields = {
            "DestinationPhoneNumber": number.e164,
            "OriginationIdentity": sender,
            "MessageBody": message.text,
            "ConfigurationSetName": self.configuration_set,
            "Context": {"ref": message.reference} if message.reference else None,
        }
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": _TARGET}
        return rest.post_json("/", fields, headers)

    def exchange(self, request: Request) -> Response | NoResponse:
        """Sign ``request``, with the keys and the time of this moment, and send it."""
        now, send = time.monotonic(), super().exchange
        keys = aws_signing.Keys(self.access_key_id, self.secret_access_key, self.session_token)

        def sign_and_send() -> Response | NoResponse:
            wait = self.connect_timeout
            signed = aws_signing.sign_now(request, self.base_url, self.region, keys, wait)
            return signed if isinstance(signed, NoResponse) else send(signed)

        return within(now + self.connect_timeout, now + self.timeout, sign_and_send)

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """A ``MessageId``; or the type of an error, its ``Reason``, and the fields it names."""
        match parse_object(response.body):
            case {"MessageId": _, "__type": kind}:
                return rest.doubt("an id and an error", rest.find_code(kind) or "__type")
            case {"__type": str(kind), "Fields": [_, *_] as wrong}:
                return _read_fields(kind, wrong)
            case {"__type": str(kind), **more}:
                return _read_error(kind, more.get("Reason"))
            case {"MessageId": message_id}:
                return rest.accept(message_id, _ID)
        return rest.doubt("the response is neither an id nor an error")

    def read_callback(self, callback: Callback) -> list[Event]:
        """Events and texts from handsets, as SNS's notifications of JSON."""
        return collect(aws_callbacks.read(callback))

    def find_certificate_url(self, callback: Callback) -> str | None:
        """Where the certificate of the signature is."""
        return aws_callbacks.find_certificate_url(callback)

    def authenticate(self, callback: Callback, now: float) -> Authenticity:
        """By the signature of one of ``topic_arns``; needs the extra ``callbacks``."""
        topics = self.topic_arns
        return authenticate(topics, lambda: aws_callbacks.is_signed(callback, topics, now))

    def reply_to(self, callback: Callback) -> Reply:
        """An empty one."""
        return Reply()


def _read_error(kind: str, why: object) -> Verdict:
    """The meaning of ``why``, or of the error's type where its reason says nothing to us."""
    # Some of AWS's services write the type behind a namespace, or before an address.
    kind = kind.rpartition("#")[2].partition(":")[0]
    if isinstance(why, str) and why and (why in REASONS or kind not in REASONS):
        return rest.refuse(why, REASONS)
    return rest.refuse(kind, REASONS)


def _read_fields(kind: str, wrong: list[Any]) -> Verdict:
    """The gravest of what is ``wrong``; a field that nobody here knows may be about the person."""
    names = [each.get("Name") if isinstance(each, dict) else None for each in wrong]
    verdicts = [_read_error(kind, name if name in REASONS else None) for name in names]
    return rest.choose_gravest(verdicts, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.FAILED)
