"""Apprise's own tests, run against our plugin: ``tox run -e apprise-upstream``.

They come with Apprise's sdist, of the version that is installed, and are never kept here. pytest
collects this file only where it is named, since it needs that sdist. They replace
``requests.get`` by a mock; our core does not call that, so the fixture ``bridged`` leads its
transport there.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sumotext_apprise
from apprise.exception import AppriseImproperlyConfigured
from sumotext_apprise import NotifySumotext, register

from sumotext_backend import Reason
from sumotext_backend.providers import HttpBackend, NoResponse, Request, Response
from tests.upstream import unpack

pytestmark = pytest.mark.filterwarnings("ignore")  # it is others' code

ID: Final = "ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0"
OK: Final = f"5015551234:{ID}\r\n"
ACCOUNT: Final = "sumotext://74700/SUMO"
TO: Final = "5015551234/5015551235"
CONFIGURATION: Final = f"""[providers.main]\ndsn = "{ACCOUNT}?carrier=ATTUS"\n"""


@pytest.fixture(scope="module", autouse=True)
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The unpacked sdist of the installed Apprise, its tests importable."""
    tests = unpack("apprise", tmp_path_factory.mktemp("apprise")) / "tests"
    sys.path.insert(0, str(tests))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert register()
    yield tests
    sys.path.remove(str(tests))
    logging.disable(logging.NOTSET)  # each of those modules disables logging


@pytest.fixture(autouse=True)
def bridged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our transport asks what Apprise's tests have put in place of ``requests.get``."""
    monkeypatch.setattr(HttpBackend, "exchange", exchange)


def exchange(backend: HttpBackend, request: Request) -> Response | NoResponse:
    """One answer of the mock; Apprise's success, which is JSON, becomes the gateway's."""
    url, timeout = backend.base_url + request.target, (backend.connect_timeout, backend.timeout)
    try:
        response = requests.get(url, headers=request.headers or None, timeout=timeout)
    except requests.RequestException as error:
        return NoResponse(Reason.NO_ANSWER, type(error).__name__)
    content = response.content
    body = content.encode() if isinstance(content, str) else content
    if response.status_code < 300 and is_success_of_apprise(body):
        body = f"{parse_qs(urlsplit(url).query)['mobile'][0]}:{ID}\r\n".encode()
    return Response(status=response.status_code, body=body, ended=True)


def is_success_of_apprise(body: bytes) -> bool:
    """Whether ``body`` is what Apprise's tests answer for a success of any service."""
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def row(url: str, **meta: Any) -> tuple[str, dict[str, Any]]:
    """A URL that loads, and what is expected of it."""
    return url, {"instance": NotifySumotext, "requests_response_text": OK, **meta}


def wrong(url: str) -> tuple[str, dict[str, Any]]:
    """A URL that is refused."""
    return url, {"instance": AppriseImproperlyConfigured}


ROWS: Final = (
    wrong("sumotext://"),
    wrong("sumotext://:@/"),
    wrong("sumotext://74700"),
    wrong("sumotext://747/SUMO"),
    wrong("sumotext://74700:80/SUMO"),
    wrong("sumotext://user:pass@74700/SUMO"),
    wrong(f"{ACCOUNT}/{TO}?carier=ATTUS"),
    wrong(f"{ACCOUNT}/{TO}?verify=no"),
    wrong(f"{ACCOUNT}/{TO}?timeout=never"),
    wrong("sumotext://@nowhere/5015551234"),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS", privacy_url="sumotext://74700/****/...1234/...1235/"),
    row(f"{ACCOUNT}?to={TO.replace('/', ',')}&carrier=ATTUS", url_matches=r"/\+15015551235/"),
    row("sumotext://?shortcode=74700&keyword=SUMO&to=5015551234&carrier=ATTUS"),
    row(f"{ACCOUNT}/{TO}/nonsense?carrier=ATTUS", url_matches=r"/nonsense/"),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&proxy=http://p:1&trust_4xx=no&echo=warn&timeout=9"),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&overflow=split&format=markdown&retry=1&wait=0"),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&overflow=truncate&format=html&retry=0&wait=0.5"),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&rto=5&cto=2.5&store=no&tz=Europe/Paris&optional=no"),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&rto=20&cto=10&timeout=30&connect_timeout=10&verify=yes"),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&rto=5&cto=2&timeout=30.0&connect_timeout=10.00"),
    row(
        f"{ACCOUNT}/{TO}?carrier=ATTUS&trust_4xx=1&allow_plain_http=off&echo=strict", response=False
    ),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&optional=yes&redirect=no&store=yes"),
    row(f"sumotext://@main/{TO}?overflow=split&retry=1&wait=0"),
    row("sumotext://@main", response=False),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS&echo=strict", response=False),
    row(f"{ACCOUNT}/nonsense?carrier=ATTUS", response=False),
    row(f"{ACCOUNT}/{TO}", response=False),  # no carrier is known
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS", response=False, requests_response_code=500),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS", response=False, requests_response_code=999),
    row(
        f"{ACCOUNT}/{TO}?carrier=ATTUS",
        response=False,
        requests_response_code=200,
        requests_response_text="5015551234:NOTOPT\r\n",
    ),
    row(f"{ACCOUNT}/{TO}?carrier=ATTUS", response=False, test_requests_exceptions=True),
)


def test_the_url_tester(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AppriseURLTester: loading, url(), url_id(), len(), privacy and notify() for each row."""
    (tmp_path / "sumotext.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(tmp_path)
    upstream = importlib.import_module("helpers").AppriseURLTester

    class Tester(upstream):  # type: ignore[misc]
        # Its own 2048 characters are more than the gateway's queries hold, and so are refused.
        title_len, body_len = 100, 800

    assert len(ROWS) >= 15
    Tester(tests=ROWS).run_all()


def test_the_url_tester_can_fail() -> None:
    """The control: a row that promises too much is found out."""
    tester = importlib.import_module("helpers").AppriseURLTester

    with pytest.raises(AssertionError):
        tester(tests=(row(f"{ACCOUNT}/nonsense?carrier=ATTUS"),)).run_all()


def test_the_details() -> None:
    """The verification of templates and arguments of all registered plugins, ours among them."""
    upstream = importlib.import_module("test_api")
    details = [name for name in dir(upstream) if name.startswith("test_apprise_details_")]

    assert "sumotext" in upstream.N_MGR
    assert len(details) >= 3
    for name in details:
        getattr(upstream, name)()
    upstream.test_apprise_send_format_handlers_match_notify_format()
    upstream.test_apprise_multi_format_plugins_no_scalar_comparison()


def test_the_details_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an argument of ours without a type is found out."""
    upstream = importlib.import_module("test_api")
    entry = {"name": "untyped"}
    monkeypatch.setitem(NotifySumotext.template_args, "carrier", entry)

    with pytest.raises(AssertionError):
        upstream.test_apprise_details_plugin_raw_template_tokens()


def scanned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tests of the delivery-tracking structure, having read the sources in ``folder``."""
    upstream = importlib.import_module("test_delivery_tracking_structure")
    monkeypatch.setattr(upstream, "PLUGIN_DIR", str(folder))
    for name, found in zip(("BUILT", "UNREACHABLE", "LONELY"), upstream._scan(), strict=True):
        monkeypatch.setattr(upstream, name, found)
    return upstream


def test_the_delivery_tracking_structure(monkeypatch: pytest.MonkeyPatch) -> None:
    """is_delivered() and mark_delivered() stand where Apprise wants them."""
    upstream = scanned(Path(sumotext_apprise.__file__).parent, monkeypatch)

    for name in [name for name in dir(upstream) if name.startswith("test_")]:
        getattr(upstream, name)()


def test_the_structure_tests_can_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The control: without mark_delivered() our plugin is found out."""
    source = Path(sumotext_apprise.__file__).with_name("plugin.py").read_text("utf-8")
    assert "self.mark_delivered(" in source
    (tmp_path / "plugin.py").write_text(source.replace("self.mark_delivered(", "print("))

    upstream = scanned(tmp_path, monkeypatch)

    with pytest.raises(AssertionError):
        upstream.test_asking_and_marking_go_together()


FLEET: Final = (
    "sumotext",
    f"{ACCOUNT}/5015551234/5015559999?carrier=ATTUS",
    "5015551234",
    "5015559999",
    {},
)


def test_the_fleet() -> None:
    """With retries, a target that got the text is asked once, one that surely did not each time."""
    upstream = importlib.import_module("test_delivery_tracking_fleet")

    upstream.test_fleet_entry_is_usable(*FLEET)
    upstream.test_fleet_retry_skips_delivered_targets(*FLEET)


def test_the_fleet_test_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a plugin that forgets whom it texted is found out."""
    upstream = importlib.import_module("test_delivery_tracking_fleet")
    monkeypatch.setattr(NotifySumotext, "mark_delivered", lambda *_: None)

    with pytest.raises(AssertionError, match="healthy target notified"):
        upstream.test_fleet_retry_skips_delivered_targets(*FLEET)
