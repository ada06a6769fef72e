"""What is typed and not sent yet is never lost: at a reload, with no line, while a page is on its
way.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Draft, Message, Ticket

pytestmark = pytest.mark.browser

A_KEY = 20
"""Milliseconds from key to key."""


@pytest.fixture
def asha_at(live_desk, page, sign_in, asha):
    """Asha's window: open an address of the console in it."""
    sign_in(page, asha.user)

    def at(address):
        page.goto(address)
        return page

    return at


def kept_by_the_server(page):
    expect(page.locator("[data-saved]")).to_be_visible()
    page.evaluate("document.querySelector('[data-saved]').hidden = true")


def test_words_typed_since_the_last_pause_are_there_after_a_reload(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("r")
    page.keyboard.type("First words", delay=A_KEY)
    kept_by_the_server(page)
    page.keyboard.type(" and later ones", delay=A_KEY)
    page.reload()
    expect(page.locator("#text")).to_have_value("First words and later ones")


def test_a_requester_finds_the_words_typed_since_the_last_pause_too(
    page, live_desk, sign_in, case, chitra
):
    sign_in(page, chitra.user)
    page.goto(f"/desk/{case.desk.key}/cases/{case}/")
    page.locator("[name=text]").focus()
    page.keyboard.type("First words", delay=A_KEY)
    kept_by_the_server(page)
    page.keyboard.press("Home")
    page.keyboard.type("My ", delay=A_KEY)
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("My First words")


def test_words_sent_without_a_line_are_there_when_it_is_back(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("n")
    page.keyboard.type("First words", delay=A_KEY)
    kept_by_the_server(page)
    page.keyboard.type(" and later ones", delay=A_KEY)
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda asked: asked.is_navigation_request()):
        page.keyboard.press("Control+Enter")
    page.context.set_offline(False)
    page.goto(f"/console/tickets/{case}")
    expect(page.locator("#text")).to_have_value("First words and later ones")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()


def test_words_typed_on_at_two_machines_both_stay(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("r")
    page.keyboard.type("Good morning", delay=A_KEY)
    kept_by_the_server(page)
    page.context.set_offline(True)
    page.keyboard.type(" from here", delay=A_KEY)
    Draft.objects.update(fields={"act": "note", "text": "Typed there"})
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#text")).to_have_value("Typed there\n\nGood morning from here")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()


def test_what_was_typed_later_at_another_machine_is_what_comes_back(asha_at, case):
    page = asha_at(f"/console/tickets/{case}")
    page.keyboard.press("r")
    page.keyboard.type("Good morning", delay=A_KEY)
    kept_by_the_server(page)
    Draft.objects.update(fields={"act": "answer", "text": "Good evening"})
    page.reload()
    expect(page.locator("#text")).to_have_value("Good evening")
    page.locator("#text").press("End")
    page.keyboard.type(", all", delay=A_KEY)
    page.reload()
    expect(page.locator("#text")).to_have_value("Good evening, all")


def test_a_ticket_half_logged_is_whole_after_a_reload_and_gone_once_it_is_logged(
    asha_at, live_desk, chitra
):
    page = asha_at("/console/tickets/new")
    typed = {
        "requester": chitra.identities.get(channel="email").identifier,
        "subject": "The export stops",
        "text": "At line 12",
    }
    for name, words in typed.items():
        page.locator(f"[name={name}]").fill(words)
    for _again in range(2):
        page.reload()
        for name, words in typed.items():
            expect(page.locator(f"[name={name}]")).to_have_value(words)
        page.wait_for_timeout(2500)  # what is kept by the server as well
        page.evaluate("localStorage.clear()")
    for choice in page.locator("select:has(option[value='issue'])").all():
        choice.select_option("issue")
    page.locator("[name=text]").press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("At line 12")
    page.goto("/console/tickets/new")
    for name in typed:
        expect(page.locator(f"[name={name}]")).to_have_value("")


FAST, SLOW = 60, 90
"""Milliseconds from key to key of who types fast, and of who does not."""


@pytest.fixture
def on_a_slow_line(page):
    """Every answer of the desk takes so many milliseconds more."""

    def slow(latency):
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": latency,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            },
        )

    return slow


def written(case):
    return [(one.kind, one.text) for one in Message.objects.filter(ticket=case).order_by("pk")][1:]


@pytest.mark.parametrize(
    ("latency", "a_key", "pause"),
    [(0, FAST, 0), (100, SLOW, 600), (300, FAST, 250), (300, SLOW, 600), (600, FAST, 150)],
)
def test_an_answer_typed_right_after_a_note_is_the_answer_and_the_note_the_note(
    asha_at, case, on_a_slow_line, latency, a_key, pause
):
    page = asha_at(f"/console/tickets/{case}")
    on_a_slow_line(latency)
    page.keyboard.press("n")
    page.keyboard.type("the password is venus", delay=a_key)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(pause)
    page.keyboard.press("r")
    page.keyboard.type("vamos tratar do seu caso hoje, quanto antes", delay=a_key)
    expect(page.get_by_role("article").last).to_contain_text("venus")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("quanto antes")
    assert written(case) == [
        ("note", "the password is venus"),
        ("answer", "vamos tratar do seu caso hoje, quanto antes"),
    ]


def test_a_note_typed_right_after_the_case_is_taken_is_a_note(asha_at, case, on_a_slow_line):
    page = asha_at(f"/console/tickets/{case}")
    on_a_slow_line(300)
    page.keyboard.press("t")
    page.wait_for_timeout(100)
    page.keyboard.press("n")
    page.keyboard.type("not for them: ask Bala", delay=FAST)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("ask Bala")
    assert written(case) == [("note", "not for them: ask Bala")]
    assert Ticket.objects.get().owner


def test_what_is_sent_is_what_stood_there_and_what_follows_is_kept_unsent(
    asha_at, case, on_a_slow_line
):
    page = asha_at(f"/console/tickets/{case}")
    on_a_slow_line(600)
    page.keyboard.press("r")
    page.keyboard.type("All is well", delay=FAST)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("veryy", delay=FAST)
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("All is well")
    expect(page.locator("#text")).to_have_value("very")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()
    assert written(case) == [("answer", "All is well")]


def test_what_follows_a_refused_answer_joins_it_and_goes_to_nobody(
    asha_at, case, bala, on_a_slow_line
):
    page = asha_at(f"/console/tickets/{case}")
    on_a_slow_line(600)
    page.keyboard.press("r")
    page.keyboard.type("All is well", delay=FAST)
    answer_ticket(case, Written("Bala was faster"), at=timezone.now(), by=bala)
    page.keyboard.press("Control+Enter")
    page.keyboard.type("nbut is it", delay=FAST)
    expect(page.get_by_text("Somebody answered while you were writing")).to_be_visible()
    expect(page.locator("#text")).to_have_value("All is well\n\nbut is it")
    expect(page.get_by_role("radio", name="Note")).to_be_checked()


def test_a_case_taken_while_a_refused_answer_is_mended_leaves_it_as_it_is(asha_at, case, bala):
    page = asha_at(f"/console/tickets/{case}")
    page.locator("#text").fill("All is well")
    answer_ticket(case, Written("Bala was faster"), at=timezone.now(), by=bala)
    page.locator("#text").press("Control+Enter")
    expect(page.get_by_text("Somebody answered while you were writing")).to_be_visible()
    page.locator("#text").press("End")
    page.keyboard.type(", too")
    with page.expect_response(lambda one: one.request.method == "POST"):
        page.evaluate("document.querySelector('[data-key=t]').click()")
    expect(page.locator("[data-leaving]")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("All is well, too")
    page.locator("#text").press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("All is well, too")


def test_while_an_answer_is_on_its_way_its_box_takes_no_more(page, sign_in, case, chitra):
    sign_in(page, chitra.user)
    page.goto(f"/desk/{case.desk.key}/cases/{case}/")
    page.locator("[name=text]").fill("It is line 12")
    # Asked in the page itself: no other question is answered while it is on its way out.
    held = page.evaluate(
        """async () => {
          document.querySelector("#answer").requestSubmit();
          return document.querySelector("[name=text]").readOnly;
        }"""
    )
    assert held
    expect(page.get_by_role("article").last).to_contain_text("It is line 12")
    expect(page.locator("[name=text]")).to_be_editable()
    expect(page.locator("[name=text]")).to_have_value("")
