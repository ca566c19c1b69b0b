"""Negative controls: what the kit asks about refusals under a 4xx, a bad backend gets wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import pytest
from rest_provider import RestBackend

from sumotext_backend import Reason, SmsBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers import Msisdn, Response
from sumotext_backend.testing import HostileGateway, HttpBackendContract, Reply

pytestmark = pytest.mark.once


@attrs.frozen(kw_only=True)
class LooksAtTheStatusOnly(RestBackend):
    """Takes each 4xx for a failure of the route, an opt-out too."""

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """Read."""
        if response.is_client_error:
            return Verdict(reason=Reason.REFUSED_REQUEST)
        return super().read(response, number)


@attrs.frozen(kw_only=True)
class FailsUponHalf(RestBackend):
    """Takes half a refusal for a failure of the route."""

    def read(self, response: Response, number: Msisdn) -> Verdict:
        """Read."""
        said = super().read(response, number)
        half = response.is_client_error and said.reason is Reason.BAD_ANSWER
        return Verdict(reason=Reason.REFUSED_REQUEST) if half else said


@attrs.frozen(kw_only=True)
class Good(RestBackend):
    """Reads it as it should."""


@attrs.define
class Kit(HttpBackendContract):
    """The contract of one of them; pytest does not collect it."""

    cls: type[RestBackend]
    gateway: HostileGateway = attrs.field(init=False)

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return self.cls(account="AC1", token="s3cret-t0ken", sender="+15015550000", **options)

    def accepted(self) -> Reply:
        """An id."""
        return Reply(b'{"sid": "{message_id}"}')

    def refused(self) -> Mapping[Reason, Reply]:
        """An opt-out, as the provider words it with status 200."""
        return {Reason.OPTED_OUT: Reply(b'{"code": 21610}')}


def keeps(cls: type[RestBackend], rule: str) -> bool:
    """Whether a backend of ``cls`` keeps ``rule``."""
    kit = Kit(cls)
    with kit.opened() as subject:
        try:
            getattr(kit, rule)(subject)
        except AssertionError:
            return False
    return True


@pytest.mark.parametrize(
    ("cls", "rule", "kept"),
    [
        (LooksAtTheStatusOnly, "test_refusals_are_told_apart", False),
        (FailsUponHalf, "test_half_a_refusal_is_a_doubt", False),
        (Good, "test_refusals_are_told_apart", True),
        (Good, "test_half_a_refusal_is_a_doubt", True),
    ],
)
def test_control(cls: type[RestBackend], rule: str, *, kept: bool) -> None:
    """A refusal under a 4xx stays one, and half of it is a doubt."""
    assert keeps(cls, rule) is kept
