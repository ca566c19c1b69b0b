"""A validator of Amazon SNS's messages, and ours: each takes what our signer made."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping

import attrs
from callback_requests import TOPIC, post_notification, sns_keys
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
    """What a validator of SNS's messages that is no provider's own says; it knows version 1."""
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
