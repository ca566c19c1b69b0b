"""AWS: botocore's description of the service, boto3's own request, moto's check of signatures."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import attrs
import boto3
import botocore.session
import pytest
import requests
from botocore.config import Config
from botocore.validate import ParamValidator

from sumotext_backend import Message
from sumotext_backend.http import Prepared, Request, prepare
from sumotext_backend.providers import AwsBackend
from sumotext_backend.providers.aws_signing import Keys, Scope, sign
from sumotext_backend.testing import HostileGateway, Reply

KEY = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "s3cret"}
TEXTS = ("hello", "a\r\nb", "5 \u20ac", "\u4f60\u597d \U0001f44d", "a" * 1600, "a\0b")
SENDERS = (None, "+15550001111", "74700", "ACME", "pool-0f", "arn:aws:sms-voice:us-east-1:1:pool/a")


def make(text: str, sender: str | None, **more: Any) -> Request:
    """The request for a message, not signed."""
    backend = AwsBackend(region="us-east-1", sender=sender, **KEY, **more)
    prepared = prepare(backend, Message("+15015551234", text, reference="0b7e-ref"))
    assert isinstance(prepared, Prepared)
    return prepared.request


@pytest.fixture(scope="module")
def service() -> Any:
    """What botocore knows of it."""
    return botocore.session.get_session().get_service_model("pinpoint-sms-voice-v2")


def find_faults(service: Any, fields: Any) -> list[str]:
    """What the description says against ``fields``: types, lengths, names, patterns."""
    shape = service.operation_model("SendTextMessage").input_shape
    report = ParamValidator().validate(fields, shape).generate_report()
    strings = {name: value for name, value in fields.items() if isinstance(value, str)}
    patterns = {
        name: member.metadata.get("pattern", ".*") for name, member in shape.members.items()
    }
    odd = [
        name for name, value in strings.items() if not re.fullmatch(patterns.get(name, ""), value)
    ]
    return [*filter(None, [report]), *odd]


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("text", TEXTS)
def test_each_body_is_what_the_service_takes(text: str, sender: str | None, service: Any) -> None:
    """Texts of all kinds, from whatever AWS sends from."""
    request = make(text, sender, configuration_set="events")
    operation = service.operation_model("SendTextMessage")
    target = f"{service.metadata['targetPrefix']}.{operation.name}"

    assert [] == find_faults(service, json.loads(request.body or b""))
    assert (operation.http["method"], operation.http["requestUri"]) == (
        request.method,
        request.target,
    )
    assert target == request.headers["X-Amz-Target"]


@pytest.mark.parametrize(
    "change",
    [
        {"MessageBody": " "},
        {"MessageBody": 1},
        {"DestinationPhoneNumber": "hello"},
        {"OriginationIdentity": "Joe's"},
        {"Unheard": "of"},
    ],
)
def test_control_a_wrong_body_is_found(change: dict[str, Any], service: Any) -> None:
    """So the verdicts above are worth something."""
    fields = json.loads(make("hello", "74700").body or b"")

    assert find_faults(service, {**fields, **change})


@pytest.mark.parametrize("token", [None, "s3ssion-t0ken"])
def test_our_request_is_boto3s_signature_and_all(token: str | None) -> None:
    """Fields, target and, for the same moment and headers, the very same signature."""
    accepts = Reply.json({"MessageId": "{message_id}"})
    keys = {**KEY, "session_token": token}
    with HostileGateway(accepts=accepts) as gateway:
        client = boto3.client(
            "pinpoint-sms-voice-v2",
            endpoint_url=gateway.url,
            region_name="us-east-1",
            aws_access_key_id=KEY["access_key_id"],
            aws_secret_access_key=KEY["secret_access_key"],
            aws_session_token=token,
            config=Config(retries={"total_max_attempts": 1}),
        )
        client.send_text_message(
            DestinationPhoneNumber="+15015551234",
            OriginationIdentity="74700",
            MessageBody="hello \u20ac",
            Context={"ref": "0b7e-ref"},
        )
        backend = AwsBackend(region="us-east-1", sender="74700", base_url=gateway.url, **keys)
        with closing(backend):
            backend.send(Message("+15015551234", "hello \u20ac", reference="0b7e-ref"))
        theirs, ours = gateway.requests

    assert (theirs.method, theirs.target, theirs.json) == (ours.method, ours.target, ours.json)
    for name in ("x-amz-target", "content-type", "host"):
        assert theirs.headers[name] == ours.headers[name]
    assert theirs.headers.get("x-amz-security-token") == token
    moment = dt.datetime.strptime(theirs.headers["x-amz-date"], "%Y%m%dT%H%M%S%z")
    again = sign(
        attrs.evolve(make("hello", "74700"), body=theirs.body),
        gateway.url,
        Scope("us-east-1"),
        Keys(KEY["access_key_id"], KEY["secret_access_key"], token),
        moment,
    )
    assert theirs.headers["authorization"] == again.headers["Authorization"]


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """moto, which checks signatures after the three calls that make a user."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "3"}
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            await_port(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def await_port(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("moto did not start")


@pytest.fixture(scope="module")
def keys(moto: str) -> Keys:
    """Those of a user who may do anything."""
    client = boto3.client(
        "iam",
        endpoint_url=moto,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    client.create_user(UserName="sender")
    policy = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    client.put_user_policy(UserName="sender", PolicyName="all", PolicyDocument=document)
    key = client.create_access_key(UserName="sender")["AccessKey"]
    return Keys(key["AccessKeyId"], key["SecretAccessKey"])


def ask(url: str, keys: Keys) -> requests.Response:
    """The answer to a request that we signed. moto knows no End User Messaging, but SNS."""
    form = b"Action=Publish&Version=2010-03-31&PhoneNumber=%2B15015551234&Message=hello"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    plain = Request(target="/", method="POST", body=form, headers=kind)
    signed = sign(plain, url, Scope("us-east-1", "sns"), keys, dt.datetime.now(dt.UTC))
    return requests.post(url + signed.target, form, headers=dict(signed.headers), timeout=30)


def test_moto_accepts_our_signature(moto: str, keys: Keys) -> None:
    """It makes one of its own, and compares."""
    answer = ask(moto, keys)

    assert (200, True) == (answer.status_code, "<MessageId>" in answer.text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret_key": "wrong"}, "SignatureDoesNotMatch"),
        ({"access_key": "AKIDNOBODY"}, "InvalidClientTokenId"),
    ],
)
def test_moto_refuses_a_wrong_one(change: dict[str, str], code: str, moto: str, keys: Keys) -> None:
    """A wrong secret, and a key that nobody has."""
    answer = ask(moto, attrs.evolve(keys, **change))

    assert (403, True) == (answer.status_code, code in answer.text)
