"""What a sumotext:// URL may say, what it is refused for, and how it is written again."""

from __future__ import annotations

import inspect
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend.options import options_of
from sumotext_backend.providers.sumotext import SumotextBackend

apprise = pytest.importorskip("apprise")

from apprise.exception import AppriseImproperlyConfigured  # noqa: E402
from sumotext_apprise import NotifySumotext  # noqa: E402

ACCOUNT = "sumotext://74700/SUMO"
CHAIN = """
[providers.default]
backend = "fallback"
chain = ["main", "backup"]
[providers.main]
dsn = "sumotext://74700/SUMO?carrier=ATTUS"
[providers.backup]
dsn = "sumotext://74701/SUMO?carrier=ATTUS"
"""
WRONG = {
    "sumotext://": "option 'shortcode' is missing",
    "sumotext://74700": "option 'keyword' is missing",
    "sumotext://7470/SUMO": "option 'shortcode' wants 5 or 6 digits",
    f"{ACCOUNT}?carier=ATTUS": "unknown option 'carier'; did you mean 'carrier'?",
    f"{ACCOUNT}?providers=x": "unknown option 'providers'; did you mean 'provider'?",
    f"{ACCOUNT}?host=x": "unknown option 'host'",
    f"{ACCOUNT}?user=x": "unknown option 'user'",
    f"{ACCOUNT}?asset=x": "unknown option 'asset'",
    f"{ACCOUNT}?+carrier=x": "unknown option (not shown)",
    f"{ACCOUNT}?5015551234=x": "unknown option (not shown)",
    f"{ACCOUNT}?carrier=A1&carrier=B1": "option 'carrier' is given twice",
    f"{ACCOUNT}?keyword=B": "option 'keyword' is given twice",
    f"{ACCOUNT}?carrier=": "option 'carrier' wants a carrier code such as ATTUS",
    f"{ACCOUNT}?echo=loud": "option 'echo' wants one of 'warn', 'strict'",
    f"{ACCOUNT}?timeout=-1": "option 'timeout' wants a number of seconds above 0",
    f"{ACCOUNT}?trust_4xx=perhaps": "option 'trust_4xx' wants true or false",
    f"{ACCOUNT}?base_url=http://192.0.2.1": "option 'base_url' is plain http to another machine",
    f"{ACCOUNT}?verify=no": "by ca_bundle=/path/to/ca.pem",
    f"{ACCOUNT}?provider=default": "'shortcode' does not go with '@default'",
    "sumotext://74700:80/SUMO": "it has no place for a port",
    "sumotext://me@74700/SUMO": "it has no place for a user",
    "sumotext://me:secret@74700/SUMO": "it has no place for a user",
    "sumotext://:@/": "after '@' it wants the alias of a configured provider",
    "sumotext://@": "after '@' it wants the alias of a configured provider",
    "sumotext://@a%20b/5015551234": "after '@' it wants the alias of a configured provider",
    "sumotext://@default?carrier=ATTUS": "'carrier' does not go with '@default'",
    "sumotext://@default?rto=3": "'rto' does not go with '@default'",
    "sumotext://@default?cto=3": "'cto' does not go with '@default'",
    "sumotext://@default/5015551234": "'@default': no provider is configured",
}


def loaded(url: str) -> Any:
    """The plugin of ``url``; raises what the plugin raises."""
    return apprise.Apprise.instantiate(url, suppress_exceptions=False)


@pytest.mark.parametrize("url", WRONG)
def test_what_is_wrong_is_told_in_one_line(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """A wrong URL is refused by one line, logged and raised, that names the part of the URL."""
    with pytest.raises(AppriseImproperlyConfigured) as caught:
        loaded(url)

    line = str(caught.value)
    assert line.startswith("sumotext:// URL: ")
    assert WRONG[url] in line
    assert "\n" not in line
    assert [line] == [each.getMessage() for each in caplog.records if each.levelno > logging.INFO]
    for private in ("5015551234", "secret", "SUMO/", "B1"):
        assert private not in line


@pytest.mark.parametrize("name", ["carier", "5015551234", "password", "user", "port"])
def test_an_argument_that_nothing_uses_is_refused(name: str) -> None:
    """What YAML or Python passes by name is held to the same."""
    with pytest.raises(AppriseImproperlyConfigured, match=r"^sumotext:// URL: "):
        NotifySumotext(shortcode="74700", keyword="SUMO", **{name: "1"})


def test_apprise_itself_does_not_raise() -> None:
    """Apprise reports a wrong URL by not loading it."""
    assert apprise.Apprise().add(f"{ACCOUNT}?carier=ATTUS") is False


def test_nonsense_is_no_url() -> None:
    """What is no text is no URL."""
    assert [None] * 3 == [NotifySumotext.parse_url(each) for each in (None, 42, object())]


@pytest.mark.parametrize(
    "url",
    [
        f"{ACCOUNT}/5015551234/5015551235",
        f"{ACCOUNT}?to=5015551234,5015551235",
        f"{ACCOUNT}/5015551234?to=%2B15015551235",
        f"{ACCOUNT}/5015551234?to=+15015551235",
        f"{ACCOUNT}?to=5015551234&to=501-555-1235",
        f"{ACCOUNT}?to=5015551234 5015551235",
        f"{ACCOUNT}/(501) 555 1234/501.555.1235",
        "sumotext://?shortcode=74700&keyword=SUMO&to=5015551234,5015551235",
        f"{ACCOUNT}/5015551234/5015551235/+15015551234?to=1-501-555-1235",
    ],
)
def test_targets_may_be_written_in_many_ways(url: str) -> None:
    """Path and query may both name targets; a number that is there twice is one target."""
    plugin = loaded(url)

    assert ("+15015551234", "+15015551235") == plugin.targets
    assert () == plugin.invalid_targets
    assert 2 == len(plugin)


def test_a_bad_target_is_dropped_and_kept(caplog: pytest.LogCaptureFixture) -> None:
    """What is not a number is not texted, warned of without being shown, and written again."""
    plugin = loaded(f"{ACCOUNT}/12/5015551234/call%20me?to=0015")

    assert ("+15015551234",) == plugin.targets
    assert ("12", "call me", "0015") == plugin.invalid_targets
    assert "dropped 3 invalid phone number(s)" in caplog.text
    assert plugin.url() == loaded(plugin.url()).url()
    assert "/12/call%20me/0015/" in plugin.url()


VALUES = {
    "carrier": st.sampled_from(["ATTUS", "VERIZONUS"]),
    "echo": st.sampled_from(["warn", "strict"]),
    "timeout": st.floats(0.1, 100).map(str),
    "connect_timeout": st.integers(1, 100).map(str),
    "ca_bundle": st.text("/ab cé&=;+%#?", min_size=1).filter(lambda text: text == text.strip()),
    "trust_4xx": st.sampled_from(["true", "no", "1"]),
    "proxy": st.just("http://proxy:3128"),
    "base_url": st.just("https://gateway.example"),
    "allow_plain_http": st.sampled_from(["yes", "off"]),
}
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1).filter(
    lambda text: text == text.strip() and text.isprintable()
)


@given(
    keyword=WORDS,
    options=st.fixed_dictionaries({}, optional=VALUES),
    targets=st.lists(st.integers(2015550000, 2015559999) | st.text("x1 /+.,%?&", max_size=5)),
)
def test_a_url_makes_the_same_plugin_again(
    keyword: str, options: dict[str, str], targets: list[object]
) -> None:
    """Options, targets, identifier and length survive url(), whatever characters are in them."""
    plugin = NotifySumotext(shortcode="74700", keyword=keyword, targets=targets, **options)

    again = loaded(plugin.url())

    assert plugin.sender == again.sender
    assert plugin.options == again.options
    assert plugin.targets == again.targets
    assert set(plugin.invalid_targets) == set(again.invalid_targets)
    assert plugin.url_identifier == again.url_identifier
    assert plugin.url_id() == again.url_id()
    assert len(plugin) == len(again)


def test_privacy_hides_keyword_proxy_and_numbers() -> None:
    """What is shown to people has the last digits of a number, and nothing that is private."""
    shown = loaded(f"{ACCOUNT}/5015551234/nonsense?proxy=http://proxy:1").url(privacy=True)

    assert shown.startswith("sumotext://74700/****/...1234/?")
    assert "proxy=****" in shown
    assert "SUMO" not in shown
    assert "nonsense" not in shown


def test_the_identifier_is_of_the_account() -> None:
    """Targets and options do not change what a URL is identified by, the account does."""
    ids = [
        loaded(url).url_id()
        for url in (
            f"{ACCOUNT}/5015551234",
            f"{ACCOUNT}/5015551235?carrier=ATTUS",
            "sumotext://74700/OTHER/5015551234",
        )
    ]

    assert ids[0] == ids[1] != ids[2]


def test_every_option_of_the_backend_is_an_argument() -> None:
    """Templates and __init__ have all options of the SUMOTEXT backend, and nothing else."""
    options = set(options_of(SumotextBackend))
    ours = NotifySumotext.template_args.keys() | NotifySumotext.template_tokens.keys()
    arguments = set(inspect.signature(NotifySumotext.__init__).parameters)

    assert options <= ours
    assert options | {"self", "provider", "targets", "kwargs"} == arguments


def test_a_provider_of_the_configuration(tmp_path: Any) -> None:
    """sumotext://@alias is what the configuration has under that alias, here a chain."""
    (tmp_path / "sumotext.toml").write_text(CHAIN)

    plugin = loaded("sumotext://@default/5015551234")

    assert "+15015551234" in plugin.url()
    assert plugin.url().startswith("sumotext://@default/")
    assert plugin.url(privacy=True).startswith("sumotext://@default/...1234/")
    assert plugin.url_id() == loaded("sumotext://?provider=default&to=5015551235").url_id()
    assert plugin.url() == loaded(plugin.url()).url()


def test_a_missing_alias_names_what_is_there(tmp_path: Any) -> None:
    """The configuration's own error is passed on, after the part of the URL."""
    (tmp_path / "sumotext.toml").write_text(CHAIN)

    with pytest.raises(AppriseImproperlyConfigured, match=r"URL: '@defaults': .*default"):
        loaded("sumotext://@defaults/5015551234")


def test_targets_are_dialled_in_the_region_of_the_configuration(tmp_path: Any) -> None:
    """Ten digits of India are not taken for a number of the US."""
    (tmp_path / "sumotext.toml").write_text('region = "IN"\n[providers]\nmain = "null://"\n')
    plugin = loaded("sumotext://@main/9123456789/09123456789")

    assert ("+919123456789",) == plugin.targets
