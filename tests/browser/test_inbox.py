"""The inbox as people use it."""

from __future__ import annotations

from typing import Any

import pytest
from commandline import spawned
from simulator_client import call, post, send
from texts import GUEST, fill

from sumotext_backend.models import Outcome
from sumotext_backend.simulator import Simulator, State

expect = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: tox run -e browser has it"
).expect

Page = Any
SHOWN = "+1 501 555 0142"


def rows(page: Page) -> Any:
    """The conversations in the list."""
    return page.get_by_role("listbox", name="Conversations").get_by_role("option")


def choose(page: Page, words: str) -> None:
    """Open the conversation whose row has those words."""
    rows(page).filter(has_text=words).click()
    page.get_by_role("heading", name=words).wait_for()


def test_a_text_sent_by_the_command_line_appears_without_a_reload(
    inbox: Page, simulator: Simulator
) -> None:
    """The page says how to point a program at it; what is sent there is shown at once."""
    line = inbox.locator("code", has_text="SMS_DSN").first.inner_text()
    dsn = line.partition("'")[2].rstrip("'")
    inbox.evaluate("window.same = true")
    ended = spawned("send", "+15015550142", "Your table is ready.", SMS_DSN=dsn)
    inbox.get_by_text("Your table is ready.").last.wait_for()

    assert 0 == ended.returncode
    assert inbox.evaluate("window.same")
    assert not inbox.get_by_text("No texts yet").is_visible()


def test_a_reply_typed_in_the_page_is_stored(inbox: Page, simulator: Simulator) -> None:
    """It is a text from the handset to the sender, and shown as one."""
    send(simulator, mobile=GUEST)
    choose(inbox, SHOWN)
    inbox.get_by_label("Reply as the handset").fill("On our way")
    inbox.keyboard.press("Enter")
    inbox.locator(".bubble.mo").get_by_text("On our way").wait_for()
    (reply,) = simulator.wait_for(direction="mo")

    assert (GUEST, "74700", "On our way") == (reply.sender, reply.recipient, reply.body)
    assert "" == inbox.get_by_label("Reply as the handset").input_value()


def test_stop_makes_the_next_send_refused_and_start_lifts_it(
    inbox: Page, simulator: Simulator
) -> None:
    """The buttons say what a handset would."""
    send(simulator, mobile=GUEST)
    choose(inbox, SHOWN)
    inbox.get_by_role("button", name="STOP", exact=True).click()
    simulator.wait_for(direction="mo", text="STOP")
    refused = send(simulator, mobile=GUEST)[2]
    inbox.get_by_role("button", name="START", exact=True).click()
    simulator.wait_for(direction="mo", text="START")

    assert refused.startswith(f"{GUEST}:NOTOPT\r\n")
    assert not send(simulator, mobile=GUEST)[2].startswith(f"{GUEST}:NOTOPT")


def test_markup_in_a_text_is_shown_literally(inbox: Page, simulator: Simulator) -> None:
    """A text is words, in the list, in the conversation and in its details."""
    fill(simulator)
    choose(inbox, "+1 501 555 0123")
    inbox.locator(".bubble .meta").click()
    inbox.get_by_text("Costs 1 segment").wait_for()

    assert "<script>document.title = 'broken'</script> & <b>bold</b>" == (
        inbox.locator(".bubble .words").inner_text()
    )
    assert "SMS inbox" in inbox.title()
    assert 0 == inbox.locator("main b, main script").count()


SEARCHES = [
    ("501 555-0142", SHOWN),
    ("parcel", "+1 501 555 0177"),
    ("sumotext-v2", "+1 212 555 0188"),
]


@pytest.mark.parametrize(("words", "found"), SEARCHES)
def test_texts_are_found_by_number_text_and_provider(
    inbox: Page, simulator: Simulator, words: str, found: str
) -> None:
    """One conversation of many is left; a number is found however it is written."""
    fill(simulator)
    post(simulator, mobile="2125550188")
    rows(inbox).nth(5).wait_for()
    inbox.get_by_role("searchbox").fill(words)
    expect(rows(inbox)).to_have_count(1)

    assert found in rows(inbox).inner_text()


def test_texts_are_found_by_provider_and_state(inbox: Page, simulator: Simulator) -> None:
    """The lists offer what came in; what fits nothing says so."""
    fill(simulator)
    inbox.locator("#state").select_option(label="Not delivered")
    expect(rows(inbox)).to_have_count(1)
    failed = rows(inbox).inner_text()
    inbox.get_by_label("Provider", exact=True).select_option("sumotext")
    inbox.get_by_role("searchbox").fill("nobody said this")
    inbox.get_by_text("No text matches.").wait_for()

    assert "+1 212 555 0150" in failed


def test_details_tell_segments_states_and_the_request_without_secrets(
    inbox: Page, simulator: Simulator
) -> None:
    """Which character made it UCS-2, what it costs, what became of it, and what was asked."""
    post(simulator, mobile=GUEST, msg="Grüße, Łukasz", apikey="SECRETCANARY")
    (text,) = simulator.messages
    call(simulator.port, "POST", f"/api/messages/{text.id}/deliver")
    choose(inbox, SHOWN)
    inbox.locator(".bubble .meta").click()
    details = inbox.get_by_role("complementary")
    details.get_by_text("Costs 1 segment in UCS-2: 13 units, room for 57 more.").wait_for()
    words = details.inner_text()

    assert "UCS-2, because GSM-7 does not have Ł (U+0141)." in words
    assert words.index("Accepted") < words.index("Delivered (by hand)")
    assert "POST /api/sumopost/post" in words
    assert '"apikey": "•••"' in words
    assert "SECRETCANARY" not in inbox.content()


def test_a_text_is_delivered_failed_and_deleted_by_hand(inbox: Page, simulator: Simulator) -> None:
    """Each button does what it says, and the trail tells it."""
    send(simulator, mobile=GUEST)
    choose(inbox, SHOWN)
    inbox.locator(".bubble .meta").click()
    for name in ("Deliver", "Fail"):
        inbox.get_by_role("button", name=name, exact=True).click()
    simulator.wait_for(state="UNDELIVERABLE")
    (text,) = simulator.messages
    inbox.get_by_role("button", name="Delete", exact=True).click()
    inbox.get_by_text("No texts yet").wait_for()

    assert [State.SUBMITTED, State.DELIVERED, State.UNDELIVERABLE] == [
        step.state for step in text.trail
    ]
    assert () == simulator.messages


def test_a_text_that_goes_while_its_details_are_asked_for_is_no_fault(
    inbox: Page, simulator: Simulator
) -> None:
    """A program may delete it at any moment; the page shows that it is gone, and complains not."""
    send(simulator, mobile=GUEST)
    choose(inbox, SHOWN)
    (text,) = simulator.messages

    def go(route: Any) -> None:
        simulator.clear()
        route.continue_()

    inbox.route(lambda url: text.id in url, go)
    inbox.locator(".bubble .meta").click()
    inbox.get_by_text("No texts yet").wait_for()

    assert () == simulator.messages


def test_all_texts_are_deleted_only_after_a_question(inbox: Page, simulator: Simulator) -> None:
    """No is no; yes forgets everything."""
    fill(simulator)
    rows(inbox).first.wait_for()
    inbox.locator("#delete-all").click()
    inbox.get_by_role("button", name="Keep them").click()
    kept = len(simulator.messages)
    inbox.locator("#delete-all").click()
    inbox.get_by_role("dialog").get_by_role("button", name="Delete all").click()
    inbox.get_by_text("No texts yet").wait_for()

    assert (6, 0) == (kept, len(simulator.messages))


def test_the_answer_to_the_next_request_is_chosen(inbox: Page, simulator: Simulator) -> None:
    """It is given once, whatever the number, and the page tells that it is to come."""
    inbox.get_by_role("button", name="Next answer").click()
    inbox.get_by_label("Answer").select_option("error")
    inbox.get_by_role("button", name="Choose").click()
    inbox.get_by_text("1 request to come: error").wait_for()
    statuses = [send(simulator, mobile=GUEST)[0] for _ in range(2)]
    inbox.get_by_text("Nothing is chosen.").wait_for()

    assert [500, 200] == statuses
    assert [Outcome.UNKNOWN, Outcome.ACCEPTED] == [seen.outcome for seen in simulator.requests]


def test_a_refused_request_is_listed(inbox: Page, simulator: Simulator) -> None:
    """It came to no text, so the phone does not show it."""
    send(simulator, mobile="5015550101")
    inbox.get_by_role("button", name="Requests").click()
    row = inbox.get_by_role("row").filter(has_text="+1 501 555 0101")

    expect(row).to_contain_text("not-opted-in")
    expect(row).to_contain_text("REJECTED (NOT_OPTED_IN)")
    assert inbox.get_by_text("No texts yet").is_visible()


def test_a_code_is_copied_with_one_click_and_a_link_is_a_link(
    open_page: Any, simulator: Simulator
) -> None:
    """The code without its blank; the link without the full stop that ends the sentence."""
    fill(simulator)
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    choose(page, SHOWN)
    page.get_by_role("button", name="Copy 493021").click()
    page.get_by_text("Copied", exact=True).wait_for()
    link = page.get_by_role("link", name="https://bistro.example")

    assert "493021" == page.evaluate("navigator.clipboard.readText()")
    assert "https://bistro.example/menu?t=7" == link.get_attribute("href")
    assert "noopener noreferrer" == link.get_attribute("rel")


NOT_CODES = [
    "Order 4930 is ready.",
    "Code words matter.",
    "Your code: see https://a.example/493021",
]


@pytest.mark.parametrize("words", NOT_CODES)
def test_what_is_no_code_is_not_offered(inbox: Page, simulator: Simulator, words: str) -> None:
    """A number without a word about codes, such a word without a number, a part of a link."""
    send(simulator, mobile=GUEST, msg=words)
    choose(inbox, SHOWN)
    inbox.locator(".bubble").wait_for()

    assert 0 == inbox.locator(".bubble .copy").count()


def test_all_is_done_by_keyboard(inbox: Page, simulator: Simulator) -> None:
    """Arrows and Enter choose a conversation; Tab leads to its details, Escape back."""
    fill(simulator)
    rows(inbox).nth(4).wait_for()
    inbox.get_by_role("listbox").focus()
    for key in ("End", "ArrowUp", "Enter"):
        inbox.keyboard.press(key)
    inbox.get_by_role("heading", name="+1 501 555 0123").wait_for()
    inbox.locator("#thread-scroll").focus()
    inbox.keyboard.press("Tab")
    inbox.keyboard.press("Enter")
    inbox.get_by_text("Costs 1 segment").wait_for()
    inbox.keyboard.press("Escape")
    inbox.get_by_role("complementary").wait_for(state="hidden")

    assert "meta" == inbox.evaluate("document.activeElement.className")
    inbox.keyboard.press("/")
    assert "words" == inbox.evaluate("document.activeElement.id")


def test_a_screen_reader_is_told_what_comes(inbox: Page, simulator: Simulator) -> None:
    """A live region says who got a text."""
    send(simulator, mobile=GUEST)
    rows(inbox).wait_for()

    expect(inbox.locator("#told")).to_contain_text("New text to 5015550142 from 74700.")


def test_on_a_phone_one_pane_is_shown_at_a_time(open_page: Any, simulator: Simulator) -> None:
    """List, conversation, details, and back by buttons and by the browser."""
    fill(simulator)
    page = open_page(width=360, height=740)
    choose(page, SHOWN)
    page.locator(".bubble .meta").first.click()
    page.get_by_text("Costs 1 segment").wait_for()
    page.get_by_role("button", name="Back to the conversation", exact=True).click()
    page.get_by_label("Reply as the handset").wait_for()
    page.go_back()
    rows(page).first.wait_for()

    assert not page.get_by_label("Reply as the handset").is_visible()
    assert 360 == page.evaluate("document.documentElement.scrollWidth")


def test_the_colours_are_chosen_and_kept(inbox: Page) -> None:
    """As the system has them, light, dark; a reload keeps the choice."""
    for _ in range(2):
        inbox.locator("#theme").click()
    inbox.reload()

    assert "dark" == inbox.evaluate("document.documentElement.dataset.theme")
    assert "Colours: dark" == inbox.locator("#theme").get_attribute("aria-label")


def test_after_a_restart_of_the_gateway_the_page_is_live_again(
    browser: Any, simulator: Simulator
) -> None:
    """It says that it lost the connection, and takes up what came."""
    port, page = simulator.port, browser.new_page()
    page.goto(simulator.url)
    page.get_by_text("Live", exact=True).wait_for()
    simulator.close()
    page.get_by_text("Reconnecting").wait_for()
    with Simulator(port) as second:
        send(second, mobile=GUEST)
        rows(page).filter(has_text=SHOWN).wait_for()
    page.close()


def test_of_ten_thousand_texts_only_a_window_is_there(open_page: Any, simulator: Simulator) -> None:
    """Rows exist where they can be seen, and the last one is reached all the same."""
    for number in range(10_000):
        to, text = f"+1501{5_550_000 + number % 5000:07}", f"text {number}"
        simulator._sim.accept(make_draft(to, text))
    page = open_page()
    page.get_by_text("10000 texts").wait_for()
    page.get_by_role("listbox").focus()
    page.keyboard.press("End")
    rows(page).filter(has_text="text 5000").wait_for()

    assert 50 > rows(page).count()
    assert "5000" == rows(page).first.get_attribute("aria-setsize")


def make_draft(to: str, text: str) -> Any:
    """A text as the inbox's backend sends it."""
    from sumotext_backend.simulator.draft import Draft

    return Draft(dialect="inbox", sender="74700", recipient=to, body=text)


def test_a_long_conversation_begins_with_its_newest_texts(
    open_page: Any, simulator: Simulator
) -> None:
    """More are shown when they are asked for."""
    for number in range(300):
        simulator._sim.accept(make_draft("+15015550142", f"text {number}."))
    page = open_page()
    page.locator(".bubble").get_by_text("text 299.").wait_for()
    before = page.locator(".bubble").count()
    page.get_by_role("button", name="Show earlier texts").click()
    page.locator(".bubble").get_by_text("text 40.").wait_for()

    assert (60, 260) == (before, page.locator(".bubble").count())


@pytest.mark.parametrize("address", ["#%", "#nobody%2074700"])
def test_an_address_that_leads_nowhere_shows_the_newest_conversation(
    open_page: Any, simulator: Simulator, address: str
) -> None:
    """Misspelt, or of texts that are deleted."""
    send(simulator, mobile=GUEST)
    page = open_page(f"/{address}")

    expect(page.locator("#thread-title")).to_have_text(SHOWN)


def test_an_address_leads_to_a_conversation_that_is_loaded_late(
    open_page: Any, simulator: Simulator
) -> None:
    """A reload comes back to where one was, however old that is."""
    simulator._sim.accept(make_draft("+15015550142", "the oldest"))
    for number in range(300):
        simulator._sim.accept(make_draft("+15015550143", f"text {number}."))
    page = open_page("/#%2B15015550142%2074700")

    expect(page.locator("#thread-title")).to_have_text(SHOWN)
    expect(page.locator(".bubble .words")).to_have_text("the oldest")


def log_in(page: Page, token: str) -> None:
    """Give that token."""
    page.get_by_label("The token").fill(token)
    page.get_by_role("button", name="Open").click()


def test_the_token_is_asked_for_and_kept(browser: Any) -> None:
    """Without it nothing is seen; of a wrong one it is said, and it is asked for again."""
    with Simulator(token="right") as guarded:
        send(guarded, mobile=GUEST)
        page = browser.new_page()
        page.goto(guarded.url)
        log_in(page, "wrong")
        page.get_by_text("That is not the token.").wait_for()
        log_in(page, "right")
        rows(page).filter(has_text=SHOWN).wait_for()
        found = page.request.get(f"{guarded.url}/api/messages").json()
        cookies = page.context.cookies()
        page.close()

    assert 1 == len(found["messages"])
    assert [(True, "Strict")] == [(each["httpOnly"], each["sameSite"]) for each in cookies]
