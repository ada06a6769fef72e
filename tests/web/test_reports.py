"""Reports as a lead reads them: every number is right, and opens its tickets."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from deskbook.people.books import apply_book
from deskbook.reports.all import REPORTS
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from tests.people_factory import BOOKS, make_contact, make_desk
from tests.screens import everybody_can_use
from tests.web.test_roster_screen import text

FLOW = "/console/reports/flow/"
DAY = timedelta(days=1)


@pytest.fixture
def opened(chitra):
    """Open a case of Chitra's so many days ago."""

    def opens(subject, days, severity="s2"):
        case = NewCase(subject, Written("It is empty"), "portal", severity=severity)
        at = timezone.now() - days * DAY
        return open_ticket(chitra, case, at=at, by=chitra).ticket

    return opens


def numbers(page):
    """Return the sums of the columns, as the last line of the table says them."""
    foot = page[page.index("<tfoot>") : page.index("</tfoot>")]
    return [re.sub(r"<[^>]+>|\s", "", cell) for cell in foot.split("</td>")[:-1]]


def test_a_lead_sees_what_came_what_ended_and_how_much_was_open_at_the_end(
    as_bala, opened, chitra, asha
):
    old, fresh, twin = opened("Old", 200), opened("Fresh", 20), opened("Twin", 19)
    close_ticket(opened("Closed", 30), at=timezone.now() - 10 * DAY, by=chitra)
    merge_ticket(twin, fresh, at=timezone.now() - 9 * DAY, by=asha)
    page = text(as_bala.get(FLOW))
    assert numbers(page) == ["Together3", "0", "1", "0", "1", "2", "67%", "–"]
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page, re.S)
    latest = re.sub(r"<[^>]+>|\s+", " ", rows[0]).split()
    assert latest[-1] == "2", "the old one and the fresh one are open now"
    assert old.is_open


def test_every_number_opens_the_tickets_it_counts(as_bala, opened, desk):
    fresh, old = opened("The fresh one", 20), opened("The old one", 200)
    page = text(as_bala.get(FLOW))
    found = re.search(r'href="(/console/reports/flow/tickets[^"]*what=new[^"]*line=[^"]*)"', page)
    listed = text(as_bala.get(found[1].replace("&amp;", "&")))
    assert (fresh.subject in listed, old.subject in listed) == (True, False)
    assert "1 ticket" in listed


def test_every_number_of_a_page_that_nobody_narrowed_opens_as_many_tickets_as_it_says(
    as_bala, opened, chitra
):
    for days in (20, 19, 3):
        opened(f"Opened {days} days ago", days)
    close_ticket(opened("Closed", 18), at=timezone.now() - 10 * DAY, by=chitra)
    page = text(as_bala.get(FLOW))

    found = re.findall(r'<a href="(/console/reports/flow/tickets[^"]*)">([\d,]+)</a>', page)

    assert {"4", "1"} <= {said for _address, said in found}
    for address, said in found:
        listed = text(as_bala.get(address.replace("&amp;", "&")))
        assert f"{said} ticket" in listed, address


def test_it_is_narrowed_by_days_and_by_what_a_ticket_is_now(as_bala, opened):
    opened("One", 20, severity="s1")
    opened("Two", 20, severity="s3")
    assert numbers(text(as_bala.get(FLOW, {"severity": "s1"})))[0] == "Together1"
    long_ago = {"first": "2020-01-01", "last": "2020-02-01"}
    assert "No case came or ended in these days." in text(as_bala.get(FLOW, long_ago))


def test_what_a_newer_book_has_no_more_narrows_still_and_what_no_ticket_has_gives_nothing(
    as_bala, opened, desk
):
    opened("One", 20, severity="s1")
    gone = opened("Two", 20, severity="s4")
    Ticket.objects.filter(pk=gone.pk).update(severity="s9")
    apply_book(desk.key, (BOOKS / "sparkrock.yaml").read_text() + "\n", at=timezone.now(), by=None)
    assert "s9 (not in the book any more)" in text(as_bala.get(FLOW))
    assert "s9 (not in the book any more)" in text(as_bala.get("/console/?queue=open"))
    of_it = text(as_bala.get("/console/", {"queue": "open", "severity": "s9"}))
    assert ("Two" in of_it, "One" in of_it) == (True, False)

    def exported(severity):
        csv = (
            as_bala.get(f"{FLOW}export.csv", {"severity": severity}).getvalue().decode("utf-8-sig")
        )
        return sum(int(line.split(",")[1]) for line in csv.splitlines()[1:])

    assert (exported("s9"), exported("s1"), exported("never")) == (1, 1, 0)


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"first": "soon"}, "Write a day as 2026-03-31."),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "The first day is after the last one"),
        ({"first": "1026-03-02", "last": "2026-03-01"}, "more than ten years"),
    ],
)
def test_days_that_cannot_be_shown_are_refused_with_a_sentence_and_stay_as_typed(
    as_bala, opened, days, why
):
    opened("One", 20)
    answer = as_bala.get(FLOW, days)
    assert answer.status_code == 422
    assert why in text(answer)
    assert f'value="{days["first"]}"' in text(answer)
    assert numbers(text(answer))[0] == "Together1", "the usual weeks are shown meanwhile"


def test_the_export_holds_the_same_numbers_without_a_limit(as_bala, opened):
    for days in range(1, 4):
        opened("One", 10 * days)
    csv = as_bala.get(f"{FLOW}export.csv").getvalue().decode("utf-8-sig").splitlines()
    assert (
        csv[0]
        == "From,New,Solved,Closed unsolved,Redirected,Merged,Ended,Ended of new,Open at the end"
    )
    assert sum(int(line.split(",")[1]) for line in csv[1:]) == 3
    book = load_workbook(io.BytesIO(as_bala.get(f"{FLOW}export.xlsx").getvalue()))
    assert sum(row[1] for row in book["flow"].iter_rows(min_row=2, values_only=True)) == 3


def test_what_other_desks_have_is_in_no_number(as_bala, opened, db):
    other = make_contact(make_desk("mukta"), "Other")
    case = NewCase("Elsewhere", Written("x"), "portal")
    open_ticket(other, case, at=timezone.now() - DAY, by=other)
    opened("Here", 1)
    assert numbers(text(as_bala.get(FLOW)))[0] == "Together1"
    listed = text(as_bala.get(f"{FLOW}tickets?what=new"))
    assert ("Here" in listed, "Elsewhere" in listed) == (True, False)


def test_reports_are_for_leads(console, opened):
    assert console.get(FLOW).status_code == 404
    assert "Reports" not in text(console.get("/console/"))


def test_an_agent_reads_the_report_of_agents_of_themselves_alone(
    console, as_bala, opened, asha, bala
):
    for agent, subject in ((asha, "Of Asha"), (bala, "Of Bala")):
        ticket = opened(subject, 2)
        assign_ticket(ticket, agent, at=timezone.now(), by=agent)
    agents = "/console/reports/agents/"
    assert agents in text(console.get("/console/")), "it stands on their rail"
    assert numbers(text(console.get(agents)))[0] == "Together1"
    assert numbers(text(console.get(agents, {"agent": bala.pk})))[0] == "Together1"
    listed = text(console.get(f"{agents}tickets?what=new"))
    assert ("Of Asha" in listed, "Of Bala" in listed) == (True, False)
    assert numbers(text(as_bala.get(agents)))[0] == "Together2"


@pytest.mark.parametrize("key", REPORTS)
def test_every_report_has_its_page_its_tickets_and_its_files(as_bala, opened, key):
    opened("One", 20)
    page = as_bala.get(f"/console/reports/{key}/")
    assert page.status_code == 200
    for number in re.findall(r'href="(/console/reports/[a-z]+/tickets[^"]*)"', text(page)):
        assert as_bala.get(number.replace("&amp;", "&")).status_code == 200
    for form in ("csv", "xlsx"):
        file = as_bala.get(f"/console/reports/{key}/export.{form}")
        assert (file.status_code, bool(file.getvalue())) == (200, True)


def test_a_report_costs_one_statement_of_its_own(as_bala, opened, django_assert_max_num_queries):
    opened("One", 20)
    as_bala.get(FLOW)
    with django_assert_max_num_queries(9):
        as_bala.get(FLOW)
    assert Ticket.objects.count() == 1


@pytest.mark.browser
def test_a_report_can_be_read_by_everybody_on_a_phone_and_with_the_keyboard(
    page, live_desk, sign_in, opened, bala
):
    for days in (3, 9, 20, 40, 60):
        opened("One", days)
    sign_in(page, bala.user)
    page.goto("/console/")
    page.keyboard.press("g")
    page.keyboard.press("z")
    expect(page.get_by_role("heading", name="Do we keep up?")).to_be_visible()
    everybody_can_use(page, "the report")
