"""A page of another origin neither reads nor changes anything, in a real browser."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from simulator_client import send, target

from sumotext_backend.simulator import Simulator

TRY = """
async ([url, sendPath]) => {
  const tries = {
    read: () => fetch(`${url}/api/messages`).then((answer) => answer.text()),
    blind: () => fetch(`${url}/api/messages`, { method: "DELETE", mode: "no-cors" }),
    post: () => fetch(`${url}/api/faults`, { method: "POST", body: "{}", mode: "no-cors" }),
    send: () => fetch(url + sendPath, { mode: "no-cors" }),
    image: () => new Promise((done, fail) => {
      const image = new Image();
      image.onload = done;
      image.onerror = () => fail(new Error("no image"));
      image.src = url + sendPath;
    }),
    form: () => new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.name = "target";
      document.body.append(frame);
      const form = document.createElement("form");
      form.action = `${url}/sumotext-v2/api/sumopost/post`;
      Object.assign(form, { method: "POST", target: "target" });
      document.body.append(form);
      frame.onload = () => done("submitted");
      form.submit();
    }),
    events: () => new Promise((done, fail) => {
      const source = new EventSource(`${url}/api/events`);
      source.onopen = () => done("open");
      source.onerror = () => fail(new Error("closed"));
    }),
    frame: () => new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      frame.onload = () => done(frame.contentDocument ? "read" : "shut");
      document.body.append(frame);
    }),
  };
  const found = {};
  for (const [name, run] of Object.entries(tries)) {
    try {
      const got = await run();
      found[name] = typeof got === "string" ? got : "done";
    } catch (error) {
      found[name] = "refused";
    }
  }
  return found;
}
"""


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>a stranger</title><body>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stranger() -> Iterator[str]:
    """The origin of another server on this machine: another port is another origin."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_neither_reads_nor_changes(
    browser: Any, simulator: Simulator, stranger: str, host: str
) -> None:
    """Same site or another one: nothing is read, sent, chosen or deleted."""
    send(simulator)
    before = simulator.messages
    page = browser.new_page()
    page.goto(f"http://{stranger.replace('127.0.0.1', host)}/")
    found = page.evaluate(TRY, [simulator.url, target(msg="forged")])
    page.close()

    assert (before, 1) == (simulator.messages, len(simulator.requests))
    assert {"refused"} == {found[name] for name in ("read", "image", "events")}
    assert "shut" == found["frame"]


def test_the_page_itself_does_all_that(browser: Any, simulator: Simulator) -> None:
    """The control: from its own origin the same requests are answered."""
    page = browser.new_page(bypass_csp=True)
    page.goto(simulator.url)
    found = page.evaluate(TRY, [simulator.url, target(msg="own")])
    page.close()

    assert "messages" in found["read"]
    assert ("open", "done") == (found["events"], found["send"])
    assert 2 <= len(simulator.requests)


def test_a_name_that_leads_here_is_refused(browser: Any, simulator: Simulator) -> None:
    """DNS rebinding: the page's own host name, made to mean this machine, is told nothing."""
    send(simulator)
    page = browser.new_page()
    answer = page.request.get(
        f"{simulator.url}/api/messages", headers={"Host": f"evil.example:{simulator.port}"}
    )
    status, words = answer.status, answer.text()
    page.close()

    assert 421 == status
    assert "canary" not in words
