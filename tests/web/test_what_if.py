"""A lead asks what other people would have made of the last four weeks."""

from datetime import timedelta

import pytest

from deskbook.jobs.what_if import _keep, live_what_if
from deskbook.people.models import HelpDesk
from deskbook.people.what_if_models import WhatIf
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.test_replaying import BOOK
from tests.web.test_roster_screen import signed_in, text

pytestmark = pytest.mark.django_db
ADDRESS = "/console/roster/what-if"
NEXT_WEEK = MONDAY + timedelta(weeks=1)


@pytest.fixture
def helpdesk(db):
    return make_desk("small", BOOK)


@pytest.fixture
def bala(helpdesk):
    return make_agent(helpdesk, "Bala", role="lead", teams=("front", "workshop"))


@pytest.fixture
def worked(helpdesk):
    """A day of cases, each answered after a quarter of an hour."""
    chitra, asha = make_contact(helpdesk), make_agent(helpdesk, teams=("front",))
    for minutes in range(0, 300, 20):
        at = MONDAY + timedelta(minutes=minutes)
        case = NewCase("Printer", Written("It hums."), "portal", severity="low")
        ticket = open_ticket(chitra, case, at=at, by=chitra).ticket
        answer_ticket(ticket, Written("Off and on."), at=at + timedelta(minutes=15), by=asha)


def asked(bala, **fields):
    return signed_in(bala).post(ADDRESS, {"roster": "", **fields})


def test_a_lead_sees_both_side_by_side_and_nothing_of_the_desk_changes(bala, worked):
    before = LogEntry.objects.count()
    assert asked(bala, **{"team.front": "3"}).status_code == 302
    what_if = WhatIf.objects.get()
    assert "lived again by both" in text(signed_in(bala).get(ADDRESS))
    live_what_if(what_if.pk, at=NEXT_WEEK)
    page = text(signed_in(bala).get(ADDRESS))
    for words in ("3 more: ", "Promises kept", "As it was", "Open cases", "Time with something in"):
        assert words in page
    assert LogEntry.objects.count() == before


def test_what_asks_for_nothing_or_cannot_be_read_is_refused_and_stays_as_typed(bala):
    page = asked(bala)
    assert page.status_code == 422 and "Say who else is there" in text(page)
    page = asked(bala, **{"team.front": "many"})
    assert page.status_code == 422 and 'value="many"' in text(page)
    page = asked(bala, **{"team.front": "-2"})
    assert page.status_code == 422 and "has 1: fewer cannot be taken away" in text(page)
    page = asked(bala, roster="team,person,from,until\nback,Asha,2026-01-05 09:00,2026-01-05 12:00")
    assert page.status_code == 422 and "is no team of the book" in text(page)
    assert "back,Asha" in text(page) and not WhatIf.objects.exists()


def test_without_a_case_in_four_weeks_there_is_nothing_to_live_again(bala):
    asked(bala, **{"team.front": "1"})
    live_what_if(WhatIf.objects.get().pk, at=NEXT_WEEK)
    assert "No case came in the last four whole weeks" in text(signed_in(bala).get(ADDRESS))


def test_what_was_asked_again_meanwhile_is_not_answered_by_what_came_of_the_first(bala, worked):
    asked(bala, **{"team.front": "1"})
    first = WhatIf.objects.get()
    asked(bala, **{"team.front": "2"})
    _keep(first, {"state": WhatIf.State.DONE})
    assert WhatIf.objects.get().state == WhatIf.State.WAITING


def test_an_agent_who_does_not_lead_asks_nothing(helpdesk):
    asha = make_agent(helpdesk, teams=("front",))
    assert signed_in(asha).get(ADDRESS).status_code == 404
    assert HelpDesk.objects.filter(what_if=None).exists()


@pytest.mark.parametrize(
    "roster",
    [
        "team,person,from,until\nfront,A\rB,2026-11-30 08:00,2026-11-30 16:00",
        "team,person,from,until\rfront,A,2026-11-30 08:00,2026-11-30 16:00",
        'team,person,from,until\nfront,"A,2026-11-30 08:00',
        "team,person,from,until\nfront,\x00,2026-11-30 08:00,2026-11-30 16:00",
        "team,person,from,until\nfront,A,0001-01-01 00:00,9999-12-31 23:59",
        "team,person,from,until\nfront,A,1971-01-01 00:00,2099-12-31 23:59",
        "team,person,from,until\nfront,A,2026-11-30 08:00\n\n\nfront",
        "team,team,person,from,until,place\nfront,x,A,2026-11-30 08:00,2026-11-30 16:00,nowhere,y,z",
        "x" * 50_000,
        "team,person,from,until\n" + "front,A,2026-11-30 08:00,2026-11-30 16:00\n" * 1_000,
    ],
    ids=range(10),
)
def test_whatever_is_given_as_a_roster_is_read_or_refused_with_a_sentence(bala, worked, roster):
    answer = asked(bala, roster=roster)
    assert answer.status_code in (302, 400, 422)
    if answer.status_code == 302:
        live_what_if(WhatIf.objects.get().pk, at=NEXT_WEEK)
        assert WhatIf.objects.get().state != WhatIf.State.WAITING


@pytest.mark.parametrize("more", ["1e9", "999999999999", "-51", "٣٣٣", "1_0", "0x10", "nan", "--1"])
def test_no_number_of_people_is_beyond_what_a_desk_has(bala, more):
    assert asked(bala, **{"team.front": more}).status_code in (302, 422)
    for kept in WhatIf.objects.all():
        assert all(abs(count) <= 50 for count in kept.more.values())
