"""Each line of the page "point your SDK here" works, with the provider's own client."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
import trustme

from sumotext_backend.simulator import Simulator
from sumotext_backend.simulator.dialects import DIALECTS

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "point-your-sdk-here.md"
SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ADDRESS = "127.0.0.1:8080"


def list_lines() -> dict[str, str]:
    """The code of each section but the last, which the documentation's own run executes."""
    sections = {title: BLOCK.search(text) for title, text in SECTION.findall(PAGE.read_text())}
    return {title: found[1] for title, found in sections.items() if found and title != LAST}


LAST = "This library"
LINES = list_lines()
NAMES = {"AWS End User Messaging": "aws"}


@pytest.mark.parametrize("title", LINES)
def test_the_line_sends(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One text is there, in the dialect of the section."""
    authority, certificate = tmp_path / "authority.pem", tmp_path / "both.pem"
    made = trustme.CA()
    made.cert_pem.write_to_path(authority)
    made.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    secure = certificate if title == "Vonage" else None
    with Simulator(certificate=secure) as simulator:
        code = textwrap.dedent(LINES[title])
        assert ADDRESS in code
        # The page's port may be taken here.
        here = code.replace(ADDRESS, simulator.url.partition("://")[2])
        exec(compile(here, title, "exec"), {})
        (text,) = simulator.messages

    assert (NAMES.get(title, title.lower()), "hello") == (text.dialect, text.body)


def test_no_provider_is_forgotten() -> None:
    """Every dialect has its section; SUMOTEXT's newer API is in that of the older."""
    assert {NAMES.get(title, title.lower()) for title in LINES} == {*DIALECTS} - {"sumotext-v2"}
