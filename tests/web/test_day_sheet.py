"""A day of the desk on one page: its numbers, by what, who was there; to print."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from deskbook.people.books import desk_in_force
from deskbook.people.roster_models import Shift
from deskbook.tickets.stages import close_ticket
from tests.screens import everybody_can_use, one_line
from tests.web.test_roster_screen import text


@pytest.fixture
def today(desk):
    day = timezone.now().astimezone(ZoneInfo(desk_in_force(desk).zone)).date()
    return f"/console/days/{day}/"


def figures(page):
    found = re.findall(r"<li> <b>(.*?)</b> ([^<]*?) </li>", page)
    return {words: re.sub(r"<[^>]+>", "", number) for number, words in found}


def test_a_lead_reads_how_the_day_went_and_opens_the_tickets_of_each_number(
    as_bala, open_case, chitra, today
):
    fresh, gone = open_case("The fresh one"), open_case("The closed one")
    close_ticket(gone, at=timezone.now(), by=chitra)
    page = one_line(text(as_bala.get("/console/days/", follow=True)))
    shown = figures(page)
    assert (shown["New"], shown["Closed unsolved"], shown["Open at the end"]) == ("2", "1", "1")
    assert (shown["Answered first"], shown["First answer, median"]) == ("0", "–")
    number = re.search(r'href="([^"]*what=closed[^"]*)"', page)[1].replace("&amp;", "&")
    listed = text(as_bala.get(number))
    assert (gone.subject in listed, fresh.subject in listed) == (True, False)
    assert '<th scope="row">Customer Success Center</th>' in page


def test_who_was_on_shift_stands_on_it(as_bala, desk, asha, today):
    now = timezone.now()
    team = next(iter(desk_in_force(desk).teams))
    Shift.objects.create(
        desk=desk, agent=asha, team=team, from_at=now - timedelta(minutes=5), until_at=now
    )
    assert "Asha " in text(as_bala.get(today))


def test_the_day_is_for_leads_and_only_days_have_one(console, as_bala, today, case):
    assert console.get(today).status_code == 404
    assert as_bala.get("/console/days/yesterday/").status_code == 404
    assert as_bala.get("/console/days/9999-12-31/").status_code == 404
    tomorrow = timezone.now().date() + timedelta(days=2)
    assert as_bala.get(f"/console/days/{tomorrow}/").status_code == 404  # it has no numbers yet
    assert 'rel="next"' not in text(as_bala.get(today))


@pytest.mark.browser
def test_a_day_is_one_page_of_paper_and_everybody_reads_it_on_a_screen(
    page, live_desk, sign_in, open_case, bala, today
):
    for n in range(12):
        open_case(f"Case {n}", severity=f"s{n % 4 + 1}")
    sign_in(page, bala.user)
    page.goto(today)
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    everybody_can_use(page, "the day sheet")
