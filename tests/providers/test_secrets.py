"""What a provider's configuration keeps to itself."""

from __future__ import annotations

import attrs
import pytest
from provider_accounts import ACCOUNTS, skip_without_extra

from sumotext_backend.config import connect
from sumotext_backend.options import options_of
from sumotext_backend.providers import GatewayBackend

HOOK = "https://me:h00k@hooks.example.com/t0ken"


@pytest.mark.parametrize("name", ACCOUNTS)
def test_nothing_secret_is_shown(name: str) -> None:
    """Neither a key, nor the address of reports, which is the only guard where nobody signs."""
    skip_without_extra(name)
    backend = connect(f"{ACCOUNTS[name]}http://127.0.0.1:9").backend
    options = options_of(type(backend))
    if "callback_url" in options:
        backend = attrs.evolve(backend, callback_url=HOOK)  # type: ignore[call-arg]
        assert options["callback_url"].secret

    for secret in ("s3cret", "t0ken", "h00k"):
        assert secret not in repr(backend)


def test_nor_is_the_address_of_reports_of_a_gateway() -> None:
    """It is marked there, too."""
    assert options_of(GatewayBackend)["callback_url"].secret
    assert not attrs.fields(GatewayBackend).callback_url.repr
