"""What the inbox tells without being asked: refusals, wrong URLs, failures, and what was told."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from simulator_client import call, send
from texts import GUEST

from sumotext_backend.simulator import Simulator

expect = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: tox run -e browser has it"
).expect

Page = Any
WRONG = "/2010-04-01/Accounts/AC1/Messages.json"
FORM = "application/x-www-form-urlencoded"

# A tab that nobody looks at is not painted; a browser without a head shows all of its tabs.
AWAY = """
const paint = window.requestAnimationFrame.bind(window);
const waiting = [];
window.away = false;
Object.defineProperty(document, "hidden", { get: () => window.away });
window.requestAnimationFrame = (run) => (window.away ? waiting.push(run) : paint(run));
window.comeBack = () => {
  window.away = false;
  waiting.splice(0).forEach((run) => run());
  document.dispatchEvent(new Event("visibilitychange"));
};
"""


def find_rows(page: Page) -> Any:
    """The requests in their table, each in one row; what came stands between."""
    return page.locator("#requests-rows tr:not(.what)")


def test_refused_requests_are_counted_until_they_are_looked_at(
    inbox: Page, simulator: Simulator
) -> None:
    """Without a reload; those that come while the list is open are in it, and no news."""
    count = inbox.locator("#refused-count")
    send(simulator, mobile=GUEST)
    send(simulator, mobile="5015550101")
    expect(count).to_have_text("1")
    inbox.get_by_role("button", name="Requests").click()
    send(simulator, mobile="5015550112")
    expect(find_rows(inbox)).to_have_count(3)

    expect(find_rows(inbox).first).to_contain_text("UNKNOWN (SERVER_ERROR)")
    inbox.keyboard.press("Escape")
    expect(count).to_be_hidden()


def test_a_request_is_shown_as_it_came(inbox: Page, simulator: Simulator) -> None:
    """By keyboard too; a second time puts it away."""
    send(simulator, mobile="5015550101", msg="canary words")
    inbox.get_by_role("button", name="Requests").click()
    came = inbox.locator("#requests .raw")
    find_rows(inbox).get_by_role("button").focus()
    inbox.keyboard.press("Enter")

    expect(came).to_contain_text("GET /secure/sumoSend.aspx")
    expect(came).to_contain_text("msg=canary words")
    inbox.keyboard.press("Enter")
    expect(came).to_be_hidden()


def test_who_pointed_a_program_at_a_wrong_url_is_told(inbox: Page, simulator: Simulator) -> None:
    """In the empty inbox, where one looks first, and with the path that was asked for."""
    call(simulator.port, "POST", WRONG, b"Body=hello", FORM)
    inbox.get_by_text("1 request came to no text.").wait_for()
    inbox.get_by_role("button", name="Show why").click()

    expect(find_rows(inbox)).to_contain_text("nobody")
    expect(find_rows(inbox)).to_contain_text(f"POST {WRONG}")
    expect(find_rows(inbox)).to_contain_text("no-such-path")


def test_a_text_that_failed_is_seen_in_the_list(inbox: Page, simulator: Simulator) -> None:
    """One need not open each conversation to find it; why it failed stands in there."""
    send(simulator, mobile="5015550117")
    row = inbox.locator("#list li")
    row.wait_for()
    expect(row).not_to_contain_text("Not delivered")
    simulator.advance(5)

    expect(row).to_contain_text("Not delivered: ")
    expect(inbox.locator(".bubble .meta")).to_contain_text("Not delivered (NO_CREDIT)")


def test_a_stop_says_that_it_was_heeded(inbox: Page, simulator: Simulator) -> None:
    """And a START; other words are only words."""
    send(simulator, mobile=GUEST)
    inbox.locator(".bubble").wait_for()
    notes = inbox.locator(".bubble.mo .meta")
    for at, (button, note) in enumerate((("STOP", "opted out"), ("START", "opted in"))):
        inbox.get_by_role("button", name=button, exact=True).click()
        expect(notes.nth(at)).to_contain_text(f"From the handset ({note})")


def test_details_tell_what_became_of_callbacks(inbox: Page, simulator: Simulator) -> None:
    """The program's answer, or that it gave none."""
    asked = {
        "username": "user",
        "password": "password",
        "from": "74700",
        "to": f"+1{GUEST}",
        "text": "hello",
        "dlr-mask": "31",
        "dlr-url": "http://127.0.0.1:9/",
    }
    call(simulator.port, "GET", f"/kannel/cgi-bin/sendsms?{urlencode(asked)}")
    inbox.locator(".bubble .meta").click()
    inbox.get_by_role("button", name="Deliver").click()

    expect(inbox.locator("#details-body")).to_contain_text("Callbacks")
    expect(inbox.locator("#details-body")).to_contain_text("No answer")


def test_what_goes_wrong_is_shown_and_the_words_stay(browser: Any, simulator: Simulator) -> None:
    """Whoever typed them has not typed them in vain."""
    send(simulator, mobile=GUEST)
    page = browser.new_page()
    page.goto(simulator.url)
    words = page.get_by_label("Reply as the handset")
    words.fill("are you there?")
    simulator.close()
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()

    expect(page.get_by_role("alert")).to_contain_text("The simulator does not answer")
    expect(words).to_have_value("are you there?")
    page.close()


def test_a_character_that_shows_nothing_is_named(inbox: Page, simulator: Simulator) -> None:
    """A mark around nothing would tell nobody what made it UCS-2."""
    send(simulator, mobile=GUEST, msg="snow ❄️")
    inbox.locator(".bubble .meta").click()

    expect(inbox.locator("#details-body")).to_contain_text(
        "GSM-7 does not have ❄ (U+2744), U+FE0F, which shows nothing by itself."
    )


def test_the_tab_counts_what_comes_while_nobody_looks(open_page: Any, simulator: Simulator) -> None:
    """Also in the conversation that is open; who comes back has read it."""
    send(simulator, mobile=GUEST)
    page = open_page(script=AWAY)
    page.locator(".bubble").wait_for()
    page.evaluate("window.away = true")
    send(simulator, mobile=GUEST)
    expect(page).to_have_title("(1) SMS inbox")
    page.evaluate("window.comeBack()")

    expect(page).to_have_title("SMS inbox")
    assert 2 == page.locator(".bubble").count()
