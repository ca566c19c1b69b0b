"""Validators of Amazon SNS's messages, Amazon's own among them: they and we say the same."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import attrs
import pytest
from callback_requests import TOPIC, post_notification, sns_keys
from judges.fetch import VALIDATOR_FOLDER
from random_callbacks import make_pairs, make_requests, make_url
from sns_message_validator import SignatureVerificationFailureException, SNSMessageValidator

from sumotext_backend.providers import Callback
from sumotext_backend.providers import aws_callbacks as aws
from sumotext_backend.simulator import signers


@attrs.frozen
class Certificates:
    """In the place of the session by which the validator fetches: what it would get."""

    content: bytes

    def get(self, _url: str) -> Certificates:
        """The certificate."""
        return self


def judge_sns(callback: Callback, certificate: bytes) -> bool:
    """What a validator in Python that is not Amazon's own says; it knows version 1."""
    validator = SNSMessageValidator()
    validator._cert_session = Certificates(certificate)
    try:
        validator.validate_message(json.loads(callback.body))
    except SignatureVerificationFailureException:
        return False
    return True


def make_notification(dice: random.Random) -> Callback:
    """A notification, with a subject or without."""
    subject: Mapping[str, str] = {"Subject": "z\u00fcrich"} if dice.random() < 0.5 else {}
    return post_notification(dict(make_pairs(dice)), make_url(dice), **subject)


def test_a_validator_of_sns_and_we_agree() -> None:
    """On notifications."""
    now, (private, certificate) = time.time(), sns_keys(now=time.time())
    for callback in make_requests(make_notification):
        signed = signers.sign_sns(callback, private, now, version="1")
        signed = attrs.evolve(signed, certificate=certificate)
        body = json.loads(signed.body) | {"Message": "changed"}
        wrong = attrs.evolve(signed, body=json.dumps(body).encode())

        assert judge_sns(signed, certificate)
        assert aws.is_signed(signed, {TOPIC}, now)
        assert not judge_sns(wrong, certificate)
        assert not aws.is_signed(wrong, {TOPIC}, now)


# It fetches the certificate from Amazon; here every request of its process has this one.
PROGRAM = """
const [validator, certificate] = process.argv.slice(1);
const { Readable } = require("stream");
require("https").get = (url, done) => {
  const response = Readable.from([certificate]);
  response.statusCode = 200;
  process.nextTick(done, response);
  return { on() {} };
};
const Validator = require(validator);
const messages = JSON.parse(require("fs").readFileSync(0));
const said = messages.map((each) => new Promise((tell) => {
  new Validator().validate(each, (error) => tell(error === null));
}));
Promise.all(said).then((all) => console.log(JSON.stringify(all)));
"""


def ask_amazon(judges: Path, bodies: list[bytes], certificate: bytes) -> list[bool]:
    """What Amazon's own validator says of each body."""
    folder = judges / VALIDATOR_FOLDER / "package"
    if not folder.exists() or not shutil.which("node"):
        pytest.skip("Amazon's validator was not fetched, or there is no node: see fetch.py")
    command = ["node", "-e", PROGRAM, str(folder), certificate.decode()]
    given = json.dumps([json.loads(each) for each in bodies]).encode()
    ended = subprocess.run(command, input=given, capture_output=True, timeout=60, check=True)
    said: list[bool] = json.loads(ended.stdout)
    return said


@pytest.mark.parametrize("version", ["1", "2"])
def test_amazon_s_validator_and_we_agree(judges: Path, version: Literal["1", "2"]) -> None:
    """On notifications, by the hash of each version."""
    now, (private, certificate) = time.time(), sns_keys(now=time.time())
    signed = [
        attrs.evolve(signers.sign_sns(each, private, now, version=version), certificate=certificate)
        for each in make_requests(make_notification)
    ]
    changed = [json.dumps(json.loads(each.body) | {"Message": "changed"}) for each in signed]
    wrong = [
        attrs.evolve(each, body=body.encode()) for each, body in zip(signed, changed, strict=True)
    ]

    assert {True} == {*ask_amazon(judges, [each.body for each in signed], certificate)}
    assert {False} == {*ask_amazon(judges, [each.body for each in wrong], certificate)}
    assert all(aws.is_signed(each, {TOPIC}, now) for each in signed)
    assert not any(aws.is_signed(each, {TOPIC}, now) for each in wrong)
