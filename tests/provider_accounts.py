"""An account at every provider, as a DSN; ``base_url`` goes to its end."""

from __future__ import annotations

from typing import Final

import pytest
from our_providers import find_contract, list_providers

ACCOUNTS: Final[dict[str, str]] = {
    name: vars(find_contract(name))["account"] for name in list_providers()
}


def skip_without_extra(name: str) -> None:
    """Skip the test where the backend of that name lacks its extra."""
    if name == "aws":
        pytest.importorskip("botocore", reason="needs the extra 'aws'")
