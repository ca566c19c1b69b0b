"""A URL taken apart into Apprise's fields and built again, as its builders of forms do (2.3 on)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

apprise = pytest.importorskip("apprise")
fields = pytest.importorskip("apprise.fields", reason="Apprise before 2.3 has no fields")

from sumotext_apprise import NotifySumotext  # noqa: E402

ACCOUNT = "sumotext://74700/SUMO"
CHAIN = """
[providers.default]
dsn = "sumotext://74700/SUMO?carrier=ATTUS"
"""
SECONDS = st.sampled_from(["0.5", "1", "2.50", "9.0", "10", "20", "30", "1e1"])
FLAGS = st.sampled_from(["yes", "no", "1", "0", "true", "off"])
QUERY = {
    # Apprise's own
    "overflow": st.sampled_from(["split", "truncate", "upstream"]),
    "format": st.sampled_from(["text", "markdown", "html"]),
    "retry": st.sampled_from(["0", "1", "5"]),
    "wait": st.sampled_from(["0", "0.0", "0.5", "2", "2.5"]),
    "rto": SECONDS,
    "cto": SECONDS,
    "verify": st.just("yes"),
    "redirect": FLAGS,
    "store": FLAGS,
    "optional": FLAGS,
    "tz": st.just("Europe/Paris"),
    # ours
    "timeout": SECONDS,
    "connect_timeout": SECONDS,
    "trust_4xx": FLAGS,
    "allow_plain_http": FLAGS,
    "echo": st.sampled_from(["warn", "strict"]),
    "proxy": st.just("http://proxy:3128"),
    "base_url": st.just("https://gateway.example/sms"),
}
TARGETS = st.lists(st.sampled_from(["5015551234", "5015551235", "nonsense", "12"]), max_size=4)
ASSETS = st.builds(
    apprise.AppriseAsset,
    default_service_retry=st.integers(0, 1),
    default_service_wait=st.sampled_from([0.0, 0.5, 2.0]),
)


def loaded(url: str, asset: Any = None) -> Any:
    """The plugin of ``url``; raises what the plugin raises."""
    return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=False)


def rebuilt(plugin: Any) -> Any:
    """The plugin that the fields of ``plugin`` make."""
    return loaded(fields.fields_to_url(plugin.url_fields()), plugin.asset)


@given(query=st.fixed_dictionaries({}, optional=QUERY), targets=TARGETS, asset=ASSETS)
def test_the_fields_of_an_account_make_the_same_plugin(
    query: dict[str, str], targets: list[str], asset: Any
) -> None:
    """Every option and target survives, under any defaults that the program gave Apprise."""
    written = "&".join(f"{name}={value}" for name, value in query.items())
    plugin = loaded(f"{ACCOUNT}/{'/'.join(targets)}?carrier=ATTUS&{written}", asset)

    again = rebuilt(plugin)

    assert plugin.url() == again.url()
    assert plugin.url_id() == again.url_id()
    assert plugin.sender == again.sender
    assert plugin.url_fields() == again.url_fields()


@pytest.mark.parametrize("query", ["", "?overflow=split&retry=1&wait=0", "?optional=yes"])
def test_the_fields_of_an_alias_make_the_same_plugin(tmp_path: Path, query: str) -> None:
    """A provider of the configuration survives too, with and without targets."""
    (tmp_path / "sumotext.toml").write_text(CHAIN)
    for targets in ("", "/5015551234", "/5015551234/5015551235"):
        plugin = loaded(f"sumotext://@default{targets}{query}")

        again = rebuilt(plugin)

        assert ("default", plugin.url()) == (again.provider, again.url())


def test_the_fields_name_what_the_url_names() -> None:
    """The parts of the path and the query stand under their own names, targets as one list."""
    found = loaded(f"{ACCOUNT}/5015551234/5015551235?carrier=ATTUS&timeout=9").url_fields()

    assert ("74700", "SUMO", "ATTUS", 9.0) == tuple(
        found[name] for name in ("shortcode", "keyword", "carrier", "timeout")
    )
    assert ["+15015551234", "+15015551235"] == found["targets"]


def test_private_fields_are_hidden() -> None:
    """Neither the keyword, nor a proxy, nor a number can be read from the fields for people."""
    plugin: NotifySumotext = loaded(f"{ACCOUNT}/5015551234?proxy=http://me:secret@proxy:1")

    shown = str(plugin.url_fields(privacy=True))

    assert not [word for word in ("SUMO'", "secret", "5551234") if word in shown]
