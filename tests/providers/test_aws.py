"""AWS End User Messaging SMS, whose requests are signed."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from provider_facts import NO_CREDIT, STOPPED, WRONG_NUMBER, WRONG_SENDER
from provider_rules import MESSAGE, Answer, ProviderRules

from sumotext_backend import ConfigurationError, Message, Reason
from sumotext_backend.http import Request
from sumotext_backend.models import Verdict
from sumotext_backend.providers import AwsBackend, aws, aws_signing, prepare
from sumotext_backend.testing import HostileGateway, Reply

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not find_spec("botocore"), reason="needs the extra 'aws'"),
]

FIELDS = ("DestinationPhoneNumber", "MessageBody", "OriginationIdentity", "ConfigurationSetName")
ACCEPTS = Reply.json({"MessageId": "{message_id}"})


class TestAws(ProviderRules):
    """Reasons: botocore's description of the service."""

    account = "aws://AKIDEXAMPLE:s3cret@us-east-1/74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: (
            400,
            {
                "__type": "com.amazonaws.pinpointsmsvoicev2#ConflictException",
                "Message": "no",
                "Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT",
            },
        ),
        WRONG_NUMBER: (
            400,
            {
                "__type": "com.amazonaws.pinpointsmsvoicev2#ValidationException",
                "Message": "no",
                "Reason": "FIELD_VALIDATION_FAILED",
                "Fields": [{"Name": "DestinationPhoneNumber", "Message": "no"}],
            },
        ),
        WRONG_SENDER: (
            400,
            {
                "__type": "com.amazonaws.pinpointsmsvoicev2#ConflictException",
                "Message": "no",
                "Reason": "NO_ORIGINATION_IDENTITIES_FOUND",
            },
        ),
        NO_CREDIT: (
            400,
            {
                "__type": "com.amazonaws.pinpointsmsvoicev2#ServiceQuotaExceededException",
                "Message": "no",
                "Reason": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
            },
        ),
    }
    cls = AwsBackend
    module = aws
    options = {  # noqa: RUF012 - data
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": "s3cret/t0ken+x",
        "region": "us-east-1",
        "sender": "+15550001111",
    }
    url = "aws://AKIDEXAMPLE:s3cret%2Ft0ken%2Bx@us-east-1/+15550001111"
    success = (200, {"MessageId": "{message_id}"})
    codes = {  # noqa: RUF012 - data
        Reason.OPTED_OUT: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
        Reason.REFUSED: "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
        Reason.INVALID_RECIPIENT: "DestinationPhoneNumber",
        Reason.INVALID_MESSAGE: "MessageBody",
        Reason.UNAUTHORIZED: (
            "AccessDeniedException UnrecognizedClientException InvalidSignatureException "
            "MissingAuthenticationTokenException IncompleteSignatureException "
            "ExpiredTokenException InvalidClientTokenId SignatureDoesNotMatch IncompleteSignature "
            "MissingAuthenticationToken RequestExpired OptInRequired"
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
    unknown_code = "UNHEARD_OF"
    odd = (
        (200, {"MessageId": "{message_id}", "__type": "ConflictException"}),
        (400, {"MessageId": "{message_id}", "__type": "ConflictException"}),
        (200, {"messageId": "{message_id}"}),
        (200, {"__type": None}),
    )
    wrong = (
        ({"access_key_id": None}, "'access_key_id' and 'secret_access_key' go together"),
        (
            {"access_key_id": None, "secret_access_key": None, "session_token": "t0ken"},
            "'session_token' goes with 'access_key_id'",
        ),
        ({"region": "Frankfurt"}, "option 'region' wants a region such as us-east-1"),
        ({"region": "us-east-1.example.com/"}, "option 'region' wants"),
        ({"secret_access_key": "with space "}, "option 'secret_access_key'"),
    )

    def refuse(self, code: Any) -> Answer:
        """An error with a reason, or about a field, or of a type."""
        if code in FIELDS:
            return 400, validation(code)
        if str(code).isupper():
            kind = {"__type": "com.amazonaws.pinpointsmsvoicev2#ConflictException"}
            return 400, {**kind, "Message": "no such thing", "Reason": code}
        return 400, {"__type": code, "Message": "no such thing"}

    def test_the_request(self) -> None:
        """One object of JSON for the operation; it is not signed, so that nothing is looked up."""
        request = self.prepare(access_key_id=None, secret_access_key=None).request

        assert ("POST", "/") == (request.method, request.target)
        assert "PinpointSMSVoiceV2.SendTextMessage" == request.headers["X-Amz-Target"]
        assert "application/x-amz-json-1.0" == request.headers["Content-Type"]
        assert "Authorization" not in request.headers
        assert json.loads(request.body or b"") == {
            "DestinationPhoneNumber": "+15015551234",
            "OriginationIdentity": "+15550001111",
            "MessageBody": "hello",
            "Context": {"ref": "7f8d1c1e-ref"},
        }

    def test_the_address_is_that_of_the_region(self) -> None:
        """Unless another is set."""
        assert self.backend(region="eu-west-2").base_url == (
            "https://sms-voice.eu-west-2.amazonaws.com"
        )

    @pytest.mark.parametrize(
        ("message", "reason"),
        [
            (Message("5015551234", "a" * 1601), Reason.UNSUPPORTED),
            (Message("5015551234", " \n"), Reason.UNSUPPORTED),
            (Message("5015551234", "hi", sender="Joe's"), Reason.SENDER),
        ],
    )
    def test_what_aws_cannot_express_is_not_asked_for(
        self, message: Message, reason: Reason
    ) -> None:
        """Too long a text, one of spaces alone, and what is not written as any sender is."""
        verdict = prepare(self.backend(), message)

        assert isinstance(verdict, Verdict)
        assert reason is verdict.reason

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ({"__type": "AccessDeniedException", "Reason": "ACCOUNT_DISABLED"}, "UNAUTHORIZED"),
            ({"__type": "a.b#ThrottlingException:http://x/"}, Reason.THROTTLED),
            ({"__type": "ValidationException", "Reason": "CANNOT_PARSE"}, Reason.REFUSED),
            ({"__type": "ConflictException"}, Reason.REFUSED),
            ({"__type": "ServiceQuotaExceededException", "Reason": "NEW_LIMIT"}, Reason.REFUSED),
            ({"message": "Missing Authentication Token"}, Reason.REFUSED_REQUEST),
        ],
    )
    def test_type_and_reason_together_say_what_it_is(self, value: Any, reason: str) -> None:
        """A reason that is in no table means what its type does, if that is in one."""
        assert self.ends((400, value)) == reason

    @pytest.mark.parametrize(
        ("names", "reason"),
        [
            (["OriginationIdentity", "DestinationPhoneNumber"], Reason.INVALID_RECIPIENT),
            (["OriginationIdentity", "Unheard"], Reason.REFUSED),
            ([None], Reason.REFUSED),
        ],
    )
    def test_the_gravest_of_several_fields_counts(self, names: list[str], reason: Reason) -> None:
        """One about the person or the text, or one that nobody here knows, before the route's."""
        assert self.ends((400, validation(*names))) == reason


def validation(*names: Any) -> dict[str, Any]:
    """An error about fields."""
    fields = [{"Name": name, "Message": "no such thing"} for name in names]
    return {"__type": "ValidationException", "Reason": "FIELD_VALIDATION_FAILED", "Fields": fields}


def test_the_signature_is_that_of_the_standard() -> None:
    """Keys and time alone decide; the credential's scope is day, region, service."""
    request = Request(
        target="/",
        method="POST",
        body=b"{}",
        headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "x"},
    )
    now = dt.datetime(2026, 11, 25, 1, 2, 3, tzinfo=dt.UTC)
    keys = aws_signing.Keys("AKIDEXAMPLE", "secret", "t0ken")
    url = "https://sms-voice.us-east-1.amazonaws.com"
    first, again = (
        aws_signing.sign(request, url, aws_signing.Scope("us-east-1"), keys, now) for _ in range(2)
    )

    assert first.headers == again.headers
    assert first.headers["X-Amz-Date"] == "20261125T010203Z"
    assert first.headers["X-Amz-Security-Token"] == "t0ken"
    assert re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261125/us-east-1/sms-voice/aws4_request, "
        r"SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
        r"Signature=[0-9a-f]{64}",
        first.headers["Authorization"],
    )


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A machine on which AWS's programs find no key."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    aws_signing._chain.cache_clear()
    yield monkeypatch
    aws_signing._chain.cache_clear()


def send(**options: Any) -> tuple[Any, tuple[Any, ...]]:
    """What a send without keys in its options ends as, and the requests that were made."""
    with (
        HostileGateway(accepts=ACCEPTS) as gateway,
        closing(AwsBackend(region="us-east-1", base_url=gateway.url, **options)) as backend,
    ):
        return backend.send(MESSAGE), gateway.requests


def test_keys_are_found_as_awss_programs_find_them(nowhere: pytest.MonkeyPatch) -> None:
    """In the environment, for one; a key of the options comes first."""
    nowhere.setenv("AWS_ACCESS_KEY_ID", "AKIDENVIRON")
    nowhere.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    result, requests = send()
    _, own = send(access_key_id="AKIDOPTION", secret_access_key="s3cret")

    assert result.reason is None
    assert "Credential=AKIDENVIRON/" in requests[0].headers["authorization"]
    assert "Credential=AKIDOPTION/" in own[0].headers["authorization"]


def test_without_a_key_nothing_is_sent_and_a_later_one_is_found(
    nowhere: pytest.MonkeyPatch,
) -> None:
    """FAILED / UNAUTHORIZED, so a chain goes on; that there was none is not kept."""
    result, requests = send()
    nowhere.setenv("AWS_ACCESS_KEY_ID", "AKIDENVIRON")
    nowhere.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")

    assert Reason.UNAUTHORIZED is result.reason
    assert "no access key for AWS was found" in result.detail
    assert () == requests
    assert send()[0].reason is None


def test_a_search_for_keys_that_hangs_is_bounded(
    nowhere: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A program that is asked for keys, and does not end: FAILED, within the time to connect."""
    (tmp_path / "config").write_text(
        f"[default]\ncredential_process = {sys.executable} -c 'import time; time.sleep(3)'\n"
    )
    nowhere.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    begun = time.monotonic()
    result, requests = send(connect_timeout=0.3, timeout=1.0)

    assert time.monotonic() - begun < 2.5
    assert Reason.UNAVAILABLE is result.reason
    assert () == requests


ROLE = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
<SecretAccessKey>s3cret-role</SecretAccessKey><SessionToken>t0ken-role</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>
</AssumeRoleResponse>"""
CONFIG = """[default]
role_arn = arn:aws:iam::123456789012:role/sender
source_profile = base
[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = s3cret-base
"""


def test_no_key_is_logged_at_debug(
    nowhere: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Those of a role come in an answer, which botocore would log whole."""
    caplog.set_level(logging.DEBUG)
    (tmp_path / "config").write_text(CONFIG)
    nowhere.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    nowhere.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with HostileGateway(accepts=Reply(ROLE)) as sts:
        nowhere.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        result, requests = send()

    assert result.reason is None
    assert "Credential=ASIAROLE/" in requests[0].headers["authorization"]
    assert "t0ken-role" == requests[0].headers["x-amz-security-token"]
    assert not re.search("s3cret|t0ken|ASIAROLE|AKIDBASE|5015551234", caplog.text)


def test_without_botocore_it_says_what_to_install() -> None:
    """One line, when it is configured; the class can be looked at all the same."""
    code = (
        "import sys; sys.modules['botocore'] = None\n"
        "from sumotext_backend import connect\n"
        "from sumotext_backend.options import options_of\n"
        "from sumotext_backend.providers import AwsBackend\n"
        "assert 'region' in options_of(AwsBackend)\n"
        "connect('aws://@us-east-1')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )

    assert "ConfigurationError: " in ended.stderr
    assert "pip install 'sumotext-backend[aws]'" in ended.stderr


def test_the_class_is_checked_before_a_send() -> None:
    """A wrong option is a `ConfigurationError`."""
    with pytest.raises(ConfigurationError, match="region"):
        AwsBackend(region="nowhere")
