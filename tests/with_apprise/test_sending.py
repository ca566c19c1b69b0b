"""What Apprise's calls send, what they log, and what they may send again."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import attrs
import pytest

from sumotext_backend import Message, Outcome, connect
from sumotext_backend.simulator import Simulator
from tests.with_apprise.loopback import BUSY, GOOD, ID, OPTED_OUT, OTHER, SILENT, THIRD, Gateway

apprise = pytest.importorskip("apprise")

from sumotext_apprise import NotifySumotext  # noqa: E402


def notifier(*urls: str) -> Any:
    """An Apprise with those services."""
    made = apprise.Apprise()
    assert all(made.add(url) for url in urls)
    return made


def test_one_target_is_one_request(gateway: Gateway) -> None:
    """A notification is one GET with the account, the number and the text."""
    accepted = notifier(gateway.plugin_url(GOOD)).notify(body="hello é", title="Alert")

    assert bool(accepted)
    assert [
        {
            "mobile": GOOD,
            "carrier": "ATTUS",
            "shortcode": "74700",
            "key": "SUMO",
            "msg": "Alert\nhello é",
        }
    ] == gateway.requests


def test_a_carrier_is_looked_up_once(gateway: Gateway) -> None:
    """By whichever notifier comes first: the user's ledger remembers it."""
    with Simulator() as simulator:
        url = attrs.evolve(gateway, url=simulator.url).plugin_url(GOOD, carrier="lookup")
        accepted = [bool(notifier(url).notify(body="hello")) for _ in range(2)]

        assert accepted == [True, True]
        assert [text.fields["carrier"] for text in simulator.messages] == ["ATTUS"] * 2
        assert simulator.account.lookups == (GOOD,)


def test_a_refusal_is_a_failure(gateway: Gateway) -> None:
    """To a number that opted out nothing is sent, and Apprise is told so."""
    assert not notifier(gateway.plugin_url(OPTED_OUT)).notify(body="hello")
    assert [OPTED_OUT] == gateway.mobiles()


def test_no_target_is_a_failure(gateway: Gateway) -> None:
    """A URL without a number sends nothing, and that is no success."""
    assert not notifier(gateway.plugin_url("nonsense")).notify(body="hello")
    assert [] == gateway.requests


def test_a_fan_out_goes_on_after_a_refusal(gateway: Gateway) -> None:
    """Each of three targets is asked once; the results of all are on the plugin."""
    plugin = apprise.Apprise.instantiate(gateway.plugin_url(GOOD, OPTED_OUT, OTHER))

    accepted = plugin.notify(body="hello")

    assert not accepted
    assert [GOOD, OPTED_OUT, OTHER] == gateway.mobiles()
    assert [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED] == [
        plugin.results[f"+1{number}"].outcome for number in (GOOD, OPTED_OUT, OTHER)
    ]


def test_retry_texts_nobody_twice(gateway: Gateway) -> None:
    """With ?retry=2, who got it, who refused and who may have got it are asked once each."""
    url = gateway.plugin_url(GOOD, OPTED_OUT, SILENT, timeout=0.4, retry=2, wait=0)

    result = notifier(url).notify(body="hello")

    assert not result
    assert 3 == len(result.results[0].attempts)
    assert sorted([GOOD, OPTED_OUT, SILENT]) == sorted(gateway.mobiles())


def test_retry_tries_again_what_surely_did_not_go(gateway: Gateway) -> None:
    """With ?retry=2, a target that the gateway has no time for is asked three times."""
    assert not notifier(gateway.plugin_url(GOOD, BUSY, retry=2, wait=0)).notify(body="hello")
    assert [GOOD, BUSY, BUSY, BUSY] == gateway.mobiles()


def test_retry_tries_again_where_nobody_listens(
    gateway: Gateway, refused: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With ?retry=2, a closed port is tried three times."""
    url = gateway.plugin_url(GOOD, retry=2, wait=0).replace(gateway.url, refused)

    assert not notifier(url).notify(body="hello")
    assert 3 == caplog.text.count("FAILED (UNREACHABLE)")


def test_async_calls_keep_the_same_rule(gateway: Gateway) -> None:
    """async_notify sends each text once as well."""
    url = gateway.plugin_url(GOOD, OPTED_OUT, retry=2, wait=0)

    result = asyncio.run(notifier(url).async_notify(body="hello"))

    assert not result
    assert [GOOD, OPTED_OUT] == gateway.mobiles()


def test_a_new_notification_is_a_new_text(gateway: Gateway) -> None:
    """The memory of a retry ends with its notification."""
    service = notifier(gateway.plugin_url(GOOD, OPTED_OUT, retry=2, wait=0))

    service.notify(body="one")
    service.notify(body="two")

    assert [GOOD, OPTED_OUT] * 2 == gateway.mobiles()


def test_the_same_answer_gives_the_same_result(gateway: Gateway) -> None:
    """What the plugin keeps is what a Sender returns for the same answer of the gateway."""
    plugin = apprise.Apprise.instantiate(gateway.plugin_url(GOOD, OPTED_OUT))
    plugin.notify(body="hello")
    dsn = f"sumotext://74700/SUMO?carrier=ATTUS&base_url={gateway.url}"

    with connect(dsn) as sms:
        for number, kept in plugin.results.items():
            direct = sms.send(Message(number, "hello"))
            own = {"duration": None, "reference": None}
            assert attrs.evolve(direct, **own) == attrs.evolve(kept, **own)


def test_logs_have_the_id_and_nothing_private(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    """One INFO line per accepted text has its id; no record of ours has a number or the text."""
    caplog.set_level(1)
    url = gateway.plugin_url(GOOD, OPTED_OUT, SILENT, "nonsense", timeout=0.4)
    plugin = NotifySumotext(**NotifySumotext.parse_url(url))

    plugin.send("the secret text")

    lines = [each.getMessage() for each in caplog.records]
    info = [each.getMessage() for each in caplog.records if each.levelno == logging.INFO]
    assert [f"SUMOTEXT: sumotext accepted a text, id {ID}"] == info
    assert [] == [line for line in lines if "555" in line or "secret" in line or "nonsense" in line]


def test_apprise_reports_the_reason(gateway: Gateway) -> None:
    """Apprise's own result holds the line on what went wrong, without the number."""
    result = notifier(gateway.plugin_url(OPTED_OUT)).notify(body="hello")

    logs = "\n".join(str(entry.message) for entry in result.logs())
    assert "sumotext: REJECTED (NOT_OPTED_IN): the number has not opted in" in logs
    assert "555" not in logs


def test_the_application_is_named(gateway: Gateway) -> None:
    """The user agent is Apprise's app_id; one that no header can hold is left out."""
    for app_id in ("Acme Alerts/2", "bad\r\nHeader: x", ""):
        asset = apprise.AppriseAsset(app_id=app_id)
        apprise.Apprise.instantiate(gateway.plugin_url(GOOD), asset=asset).notify(body="hello")

    agents = [
        line for head in gateway.heads for line in head.split("\r\n") if line.startswith("User-A")
    ]
    assert ["User-Agent: Acme Alerts/2", *["User-Agent: sumotext-backend"] * 2] == agents


def test_apprise_timeouts_are_kept(gateway: Gateway) -> None:
    """Cto and rto bound a send where its own options do not."""
    plugin = apprise.Apprise.instantiate(gateway.plugin_url(SILENT, cto=0.2, rto=0.2))

    begun = time.monotonic()
    plugin.notify(body="hello")

    assert time.monotonic() - begun < 5
    assert Outcome.UNKNOWN is plugin.results[f"+1{SILENT}"].outcome


def test_throttle_stands_before_each_request(gateway: Gateway) -> None:
    """Apprise's throttle is called once for each target, before it is asked."""
    calls = []

    class Slow(NotifySumotext):
        def throttle(self, *args: Any, **kwargs: Any) -> None:
            calls.append(len(gateway.requests))

    Slow(**NotifySumotext.parse_url(gateway.plugin_url(GOOD, OTHER))).notify(body="hello")

    assert [0, 1] == calls


def test_priority_tags_try_the_next_service(gateway: Gateway) -> None:
    """Apprise's `1:tag` and `2:tag` are a chain: the second is asked where the first failed."""
    service = apprise.Apprise()
    service.add(gateway.plugin_url(BUSY), tag="1:oncall")
    service.add(gateway.plugin_url(GOOD), tag="2:oncall")
    service.add(gateway.plugin_url(OTHER), tag="3:oncall")

    assert service.notify(body="hello", tag="oncall")
    assert [BUSY, GOOD] == gateway.mobiles()


YAML = """
urls:
  - sumotext://74700/SUMO:
      - to: 5015551234
        carrier: ATTUS
        base_url: {url}
        timeout: 20
        trust_4xx: true
      - to: [5015551235, "+1 501-555-1236"]
        carrier: ATTUS
        base_url: {url}
  - sumotext://:
      - shortcode: 74700
        keyword: SUMO
        targets: 5015551234
        carrier: ATTUS
        base_url: {url}
"""


def test_numbers_of_yaml_need_no_quotes(gateway: Gateway, tmp_path: Path) -> None:
    """A number, a short code or a flag that YAML reads as an int or a bool is used as written."""
    (tmp_path / "apprise.yml").write_text(YAML.format(url=gateway.url))
    config = apprise.AppriseConfig(paths=str(tmp_path / "apprise.yml"))
    service = apprise.Apprise()
    service.add(config)

    assert service.notify(body="hello")
    assert sorted([GOOD, OTHER, THIRD, GOOD]) == sorted(gateway.mobiles())


@pytest.mark.parametrize("wrong", ["carier: ATTUS", "user: me", "timeout: soon", "verify: no"])
def test_a_wrong_yaml_entry_is_not_loaded(
    wrong: str, gateway: Gateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """YAML is held to the same rules as a URL, and the line names the option."""
    path = tmp_path / "apprise.yml"
    path.write_text(f"urls:\n  - sumotext://74700/SUMO:\n      - to: 5015551234\n        {wrong}\n")

    service = apprise.Apprise()
    service.add(apprise.AppriseConfig(paths=str(path)))

    assert 0 == len(service)
    assert wrong.partition(":")[0] in caplog.text


CHAIN = """
[providers.default]
backend = "fallback"
chain = ["main", "backup"]
[providers.main]
dsn = "sumotext://74700/SUMO?carrier=ATTUS&base_url={main}"
[providers.backup]
dsn = "sumotext://74701/SUMO?carrier=ATTUS&base_url={backup}"
"""


def test_a_chain_goes_on_where_nothing_was_sent(
    gateway: Gateway, refused: str, tmp_path: Path
) -> None:
    """Behind sumotext://@default the second provider texts what the first could not."""
    (tmp_path / "sumotext.toml").write_text(CHAIN.format(main=refused, backup=gateway.url))
    plugin = apprise.Apprise.instantiate(f"sumotext://@default/{GOOD}")

    assert plugin.notify(body="hello")
    assert ["74701"] == [request["shortcode"] for request in gateway.requests]
    assert ["main", "backup"] == [
        attempt.provider for attempt in plugin.results[f"+1{GOOD}"].attempts
    ]


def test_a_chain_does_not_get_round_a_refusal(
    gateway: Gateway, refused: str, tmp_path: Path
) -> None:
    """Who said no to the first provider is not texted by the second, nor by a retry."""
    (tmp_path / "sumotext.toml").write_text(CHAIN.format(main=gateway.url, backup=gateway.url))

    assert not notifier(f"sumotext://@default/{OPTED_OUT}?retry=2&wait=0").notify(body="hello")
    assert [OPTED_OUT] == gateway.mobiles()


def test_long_texts_are_cut_only_where_asked(gateway: Gateway) -> None:
    """?overflow=split makes several texts; by default a text is one."""
    notifier(gateway.plugin_url(GOOD)).notify(body="x" * 300)
    notifier(gateway.plugin_url(GOOD, overflow="split")).notify(body="x" * 300)

    assert [300, 160, 140] == [len(request["msg"]) for request in gateway.requests]
