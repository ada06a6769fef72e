"""What requesters thought of a case and what the desk makes better, as agents see it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.findings import add_to_findings
from deskbook.tickets.improvement_models import Finding
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.ratings import closing_of, rate_closing
from deskbook.tickets.stages import close_ticket
from tests.people_factory import make_agent, make_contact, make_desk
from tests.screens import everybody_can_use
from tests.web.test_roster_screen import signed_in, text

LIST = "/console/improvements/"


@pytest.fixture
def rated(case, chitra):
    close_ticket(case, at=timezone.now(), by=chitra)
    case.refresh_from_db()
    rate_closing(closing_of(case), chitra, "bad", "Nobody <b>told</b> me.", at=timezone.now())
    return case


@pytest.fixture
def add(console, at_ticket):
    def added(title, **more):
        return console.post(at_ticket("improvements"), {"title": title, **more}, follow=True)

    return added


def found(ticket, agent, title="Reports are slow"):
    return add_to_findings(ticket, title, theme="Reports", text="", at=timezone.now(), by=agent)


def test_agents_read_the_rating_and_its_words_beside_the_ticket(console, rated, at_ticket):
    page = text(console.get(at_ticket()))
    assert "“Nobody &lt;b&gt;told&lt;/b&gt; me.”" in page
    assert "Chitra" in page


def test_a_ticket_makes_a_new_finding_and_the_next_one_joins_it(console, add, case, open_case):
    page = text(add("Reports are slow", theme="Reports", text="Mondays above all."))
    assert "Added to “Reports are slow”." in page
    other = open_case("Another")
    console.post(
        f"/console/tickets/{other}/improvements", {"title": " reports are  SLOW ", "theme": "Else"}
    )
    finding = Finding.objects.get()
    assert (finding.theme, finding.text) == ("Reports", "Mondays above all.")
    assert {link.ticket for link in finding.links.all()} == {case, other}
    add("Reports are slow")
    assert finding.links.count() == 2


def test_words_about_a_finding_that_is_there_stand_beside_the_ticket_that_says_them(
    console, add, case, asha, open_case
):
    found(open_case("First"), asha)
    for _ in range(2):
        add("reports are slow", text="Worst <b>on Mondays</b>.")
    add("Reports are slow", text="And at month's end.")
    page = text(console.get(LIST))
    assert f"{case}: Worst &lt;b&gt;on Mondays&lt;/b&gt;." in page
    assert page.count("on Mondays") == 1
    assert "And at month&#39;s end." in page


@pytest.mark.parametrize(
    ("state", "told"), [("declined", "which was declined"), ("done", "which is said to be done")]
)
def test_a_ticket_that_joins_a_finding_no_longer_open_is_told_so(
    add, as_bala, case, asha, state, told
):
    finding = found(case, asha)
    as_bala.post(f"{LIST}{finding.pk}/state", {"state": state})
    page = text(add(finding.title))
    assert told in page
    assert "until a lead opens it again" in page


def test_one_without_a_title_or_with_too_long_a_one_comes_back_as_it_was_typed(add, db):
    nothing = add("  ", theme="Reports")
    assert (nothing.status_code, "Say in a few words what could be better." in text(nothing)) == (
        422,
        True,
    )
    assert 'value="Reports"' in text(nothing)
    assert add("x" * 201).status_code == 409
    assert not Finding.objects.exists()


def test_findings_are_found_while_typing(console, case, asha):
    found(case, asha)
    assert "Reports are slow" in text(console.get("/console/suggestions/findings?q=slow"))
    assert text(console.get("/console/suggestions/findings?q=fast")) == ""


def test_the_list_counts_tickets_and_bad_ratings_by_theme(console, rated, asha, open_case):
    finding = found(rated, asha)
    add_to_findings(open_case("Two"), finding.title, theme="", text="", at=timezone.now(), by=asha)
    found(open_case("Three"), asha, "The hold music")
    page = text(console.get(LIST))
    assert "Reports <span" in page
    rows = page.split("<tr>")
    slow = next(row for row in rows if "Reports are slow" in row)
    assert 'data-label="Tickets" class="number">2<' in slow
    assert 'data-label="Bad ratings" class="number"><span class="badge tone-red">1<' in slow
    assert str(rated) in slow


def test_leads_say_how_far_a_finding_is_and_agents_do_not(console, as_bala, case, asha):
    finding = found(case, asha)
    state = f"{LIST}{finding.pk}/state"
    assert "<select" not in text(console.get(LIST))
    assert console.post(state, {"state": "done"}).status_code == 404
    as_bala.post(state, {"state": "finished"})
    finding.refresh_from_db()
    assert finding.state == "open"
    as_bala.post(state, {"state": "done"})
    assert "Reports are slow" not in text(as_bala.get(LIST))
    assert "Reports are slow" in text(as_bala.get(LIST + "?state=over"))


def test_ratings_are_listed_with_their_words_and_counted(console, rated):
    page = text(console.get(f"{LIST}ratings"))
    assert f"/console/tickets/{rated}" in page
    assert "“Nobody &lt;b&gt;told&lt;/b&gt; me.”" in page
    assert str(rated) in text(console.get(f"{LIST}ratings?value=bad"))
    assert str(rated) not in text(console.get(f"{LIST}ratings?value=good"))
    assert (
        text(console.get(f"{LIST}ratings?value=nonsense")).count(f"/console/tickets/{rated}") == 1
    )
    stranger = signed_in(make_agent(make_desk("mukta"), "Farid", role="lead"))
    assert str(rated) not in text(stranger.get(f"{LIST}ratings"))


def test_another_desk_sees_and_moves_nothing(case, asha):
    finding = found(case, asha)
    stranger = signed_in(make_agent(make_desk("mukta"), "Farid", role="lead"))
    assert "Reports are slow" not in text(stranger.get(LIST))
    assert text(stranger.get("/console/suggestions/findings?q=slow")) == ""
    assert stranger.post(f"{LIST}{finding.pk}/state", {"state": "done"}).status_code == 404
    assert (
        stranger.post(f"/console/tickets/{case}/improvements", {"title": "Mine"}).status_code == 404
    )


@pytest.mark.browser
def test_a_ticket_is_added_by_keyboard_and_the_list_passes_the_accessibility_rules(
    page, sign_in, live_desk
):
    desk = make_desk("sparkrock")
    chitra, bala = make_contact(desk), make_agent(desk, "Bala", role="lead")
    ticket = open_ticket(
        chitra, NewCase("Slow", Written("It is slow"), "phone"), at=timezone.now(), by=chitra
    ).ticket
    sign_in(page, bala.user)
    page.goto(f"/console/tickets/{ticket}")
    page.locator("#timeline").focus()
    page.keyboard.press("I")
    page.get_by_label("What could be better").focus()
    page.keyboard.type("Reports are slow")
    page.get_by_label("Theme, if it is new").focus()
    page.keyboard.type("Reports")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added to “Reports are slow”.")).to_be_visible()
    page.locator("#timeline").focus()
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**" + LIST)
    expect(page.get_by_label("State of “Reports are slow”")).to_be_visible()
    everybody_can_use(page, LIST)
