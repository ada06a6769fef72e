"""Who of a desk sees which cases, by its book (semantics §5.8)."""

import pytest

from deskbook.people.access import Masked, NoAccess, sees, ticket_for_agent
from deskbook.people.books import BookRefused, apply_book
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.numbered import named
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.queues import counts, find, listed, queue
from deskbook.tickets.sections import SECTIONS, day_of
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

BOOK = """
deskbook: 1
name: Harbour
zone: Asia/Kolkata
prefix: HAR
mail: [harbour@desk.example]
hours: { always: { mon-sun: 00:00-24:00 } }
categories:
  asked: requester
  values:
    pay: { seen by: team }
    upkeep: { seen by: level }
    conduct: { seen by: [ombudsman, asha@harbour.example] }
    other:
levels: { L1: , L2: }
teams:
  front: { level: L1 }
  gate: { level: L1 }
  money: { level: L2, mail: money@desk.example }
  ombudsman: { level: L2 }
routing:
  rules: [{ category: pay, to: money }, { category: conduct, to: ombudsman }, { to: front }]
"""


@pytest.fixture
def desk(db):
    return make_desk("harbour", BOOK)


@pytest.fixture
def opened(desk):
    chitra = make_contact(desk)

    def opened(category, subject="The till"):
        case = NewCase(subject, Written("Nine are short."), "portal", facets={"category": category})
        return open_ticket(chitra, case, at=MONDAY, by=chitra).ticket

    return opened


def seen(desk, ticket, *teams, name="Dev", role="agent"):
    return sees(make_agent(desk, name, role, teams), ticket)


def test_what_is_confined_to_its_team_is_seen_by_that_team_and_who_leads(desk, opened):
    case = opened("pay")

    assert seen(desk, case, "money", name="Mani")
    assert seen(desk, case, name="Bala", role="lead")
    assert not seen(desk, case, "front", "gate", "ombudsman")


def test_what_is_confined_to_its_level_is_seen_by_all_teams_of_it(desk, opened):
    case = opened("upkeep")

    assert seen(desk, case, "gate", name="Gita")
    assert not seen(desk, case, "money")


def test_what_is_confidential_is_seen_by_those_named_and_by_no_lead(desk, opened):
    case = opened("conduct")

    assert seen(desk, case, "ombudsman", name="Om")
    assert seen(desk, case, name="Asha")
    assert not seen(desk, case, "front", name="Olga", role="owner")


def test_who_owns_a_case_sees_it(desk, opened):
    case, dev = opened("conduct"), make_agent(desk, "Dev")
    Ticket.objects.filter(pk=case.pk).update(owner=dev)
    case.refresh_from_db()

    assert sees(dev, case)


def test_of_a_confined_case_others_are_listed_its_number_and_stage_alone(desk, opened):
    case, dev = opened("conduct"), make_agent(desk, "Dev")

    (line,) = listed(queue(dev, "open"))

    assert (line.name, line.stage) == (str(case), case.stage)
    assert (line.subject, line.requester, line.said, line.severity) == ("", "", None, "")
    assert counts(dev)["open"] == 1
    assert counts(dev).get("unassigned", 0) == 0
    assert listed(queue(dev, "unassigned")) == []
    assert listed(find(dev, "till")) == []
    assert named(dev, str(case)).tickets[0].subject == ""
    with pytest.raises(Masked):
        ticket_for_agent(dev.user, str(case), Ticket.objects.all())


def test_what_is_confined_stands_apart_in_a_list_that_says_what_to_do_next(desk, opened):
    seen, apart = opened("other"), [opened("conduct"), opened("pay")]

    lines = listed(queue(make_agent(desk, "Dev"), "open").in_sections(day_of(MONDAY)))

    assert [(line.name, SECTIONS[line.section].key) for line in lines] == [
        (str(seen), "requester"),
        *((str(case), "confined") for case in apart),
    ]


def test_who_sees_it_reads_it_whole_in_the_same_list(desk, opened):
    opened("conduct")
    asha = make_agent(desk, "Asha")

    (line,) = listed(queue(asha, "open"))

    assert (line.subject, line.requester) == ("The till", "Chitra")
    assert [one.name for one in listed(find(asha, "till"))] == [line.name]


def test_agents_who_see_their_teams_are_not_told_that_there_are_other_cases(desk, opened):
    apply_book("harbour", f"{BOOK}agents see: their teams\n", at=MONDAY, by=None)
    desk.refresh_from_db()
    case, gita = opened("other"), make_agent(desk, "Gita", teams=("gate",))
    fred = make_agent(desk, "Fred", teams=("front",))
    lead = make_agent(desk, "Bala", role="lead")

    assert [listed(queue(one, "open")) != [] for one in (gita, fred, lead)] == [False, True, True]
    assert counts(gita).get("open", 0) == 0
    assert counts(fred)["open"] == counts(lead)["open"] == 1
    with pytest.raises(NoAccess) as told:
        ticket_for_agent(gita.user, str(case), Ticket.objects.all())
    assert not isinstance(told.value, Masked)


def test_a_book_cannot_forget_a_confined_category_that_cases_have(desk, opened):
    opened("conduct")
    without = BOOK.replace("    conduct: { seen by: [ombudsman, asha@harbour.example] }\n", "")
    without = without.replace("{ category: conduct, to: ombudsman }, ", "")

    with pytest.raises(BookRefused, match="conduct"):
        apply_book("harbour", without, at=MONDAY, by=None)


def test_who_is_named_for_a_category_sees_it_though_agents_see_their_teams_cases_only(desk, opened):
    apply_book("harbour", f"{BOOK}agents see: their teams\n", at=MONDAY, by=None)
    desk.refresh_from_db()
    asha = make_agent(desk, "Asha", "agent", ("front",))
    complaint, pay = opened("conduct"), opened("pay")

    assert sees(asha, complaint) and not sees(asha, pay)
    assert [str(one.number) for one in listed(queue(asha, "open")) if one.subject] == [
        str(complaint.number)
    ]
