"""How many cases were in time is counted alike by the database and by the engine, and shown."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.engine.service_levels import Counted, outcome
from deskbook.people.books import desk_in_force
from deskbook.reports.service_levels import Standing, owed_between, standings
from deskbook.tickets.assignment import hand_over_ticket
from deskbook.tickets.conversation import answer_ticket, take_in_message
from deskbook.tickets.log import wake
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import move_ticket, verify_severity
from deskbook.tickets.state import state_of
from deskbook.web.console.reporting.service_levels import level_row, lines_of
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
BOOK = """\
deskbook: 1
name: Harbour
zone: Asia/Kolkata
hours: { always: { every day: 00:00-24:00 } }
channels: [email, portal]
severities: { urgent: , usual: { default: yes } }
teams: { front: , back: }
routing: { first: front }
plans: { gold: { fee: 1200 EUR a month }, free: }
targets:
  - { severity: urgent, respond: 1h to 2h, resolve: 1d, update: 3h }
  - { team: back, answer: 1h }
service levels:
  - { name: Answers, at least: 90%, of: respond, over: year }
  - { name: By the aim, at least: 90%, of: respond, within: aim, over: year }
  - { name: Solved, at least: 90%, of: resolve, over: year }
  - { name: Told, at least: 90%, of: update, over: year }
  - { name: At the back, at least: 90%, of: answer, over: year }
  - { name: Each, at least: 90%, of: respond, over: year, for each: organisation, credits: [{ below: 90%, gives: 10% of the fee }] }
compensation:
  - { name: Penalty, late: resolve, pays: 250 INR, each: 1d, at most: 1000 INR, to: the state }
"""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk():
    return make_desk("harbour", BOOK)


@pytest.fixture
def bala(desk):
    return make_agent(desk, role="lead", name="Bala")


@pytest.fixture
def cases(desk, bala):
    """Return cases of every sort that is counted, and one that no target promises anything."""
    gold = make_organisation(desk, plan="gold")
    chitra = make_contact(desk, organisation=gold)
    at = timezone.now() - 3 * DAY

    def opened(severity="urgent"):
        case = NewCase("Lamp", Written("Dark"), "portal", severity=severity.lower())
        return open_ticket(chitra, case, at=at, by=chitra).ticket

    answers = {0.5: opened(), 1.5: opened(), 2.5: opened()}
    silent, unpromised, handed = opened(), opened("usual"), opened("usual")
    for hours, ticket in answers.items():
        wake(ticket.pk, at=at + hours * HOUR)
        answer_ticket(
            ticket, Written("We look"), at=at + hours * HOUR, by=bala, key=f"a{ticket.pk}"
        )
    first = next(iter(answers.values()))
    move_ticket(first, "solved", at=at + 2 * HOUR, by=bala, key="solved")
    hand_over_ticket(handed, "back", at=at + HOUR, by=bala, key="over")
    for ticket in (*answers.values(), silent, unpromised, handed):
        wake(ticket.pk, at=timezone.now())
    return Ticket.objects.all()


def counted(bala, name, at=None):
    desk = desk_in_force(bala.desk)
    level = next(one for one in desk.service_levels if one.title == name)
    now = at or timezone.now()
    return desk, level, standings(bala, desk, level, now - 10 * DAY, now + DAY)


@pytest.mark.parametrize(
    "name, wanted",
    [
        ("Answers", Counted(2, 2, 0)),
        ("By the aim", Counted(1, 3, 0)),
        ("Solved", Counted(1, 3, 0)),
        ("Told", Counted(1, 2, 0)),
        ("At the back", Counted(0, 1, 0)),
    ],
)
def test_the_database_counts_as_the_engine_does(bala, cases, name, wanted):
    desk, level, found = counted(bala, name)
    by_engine = Counted()
    for row in cases:
        if said := outcome(desk, level, state_of(row), at=timezone.now()):
            by_engine = by_engine.plus(said)
    assert (found[0].counted, by_engine) == (wanted, wanted)


LATE_ONCE = """\
deskbook: 1
name: Late once
zone: Asia/Kolkata
hours: { always: { every day: 00:00-24:00 } }
channels: [email, portal]
severities: { S1: , S2: , S3: { default: yes } }
teams: { front: , back: }
routing: { first: front }
reopening: { clocks: restart }
targets:
  - { severity: S1, respond: 1h, resolve: 4h }
  - { severity: S2, respond: 4h to 1d, resolve: 5d }
  - { severity: S1, team: back, answer: 1h }
  - { severity: S1, team: front, answer: 10h }
  - { severity: S2, team: back, resolve: 2h }
  - { severity: S3, team: back, resolve: 4h, recommended: yes }
service levels:
  - { name: Answers, at least: 90%, of: respond, over: year }
  - { name: By the aim, at least: 90%, of: respond, within: aim, over: year }
  - { name: Solved, at least: 90%, of: resolve, over: year }
  - { name: At the back, at least: 90%, of: answer, team: back, over: year }
  - { name: Solved at the back, at least: 90%, of: resolve, team: back, over: year }
"""


def hours_of_a_case(chitra, bala, severity, *acts):
    """Open a case three days ago and do to it what is said, each so many hours later."""
    at = timezone.now() - 3 * DAY
    case = NewCase("Lamp", Written("Dark"), "portal", severity=severity.lower())
    ticket = open_ticket(chitra, case, at=at, by=chitra).ticket
    for number, (hours, act) in enumerate(acts):
        then = {"at": at + hours * HOUR, "by": bala, "key": f"{ticket.pk} {number}"}
        wake(ticket.pk, at=then["at"])
        ticket.refresh_from_db()
        if act == "answer":
            answer_ticket(ticket, Written("We look"), **then)
        elif act == "writes":
            take_in_message(ticket, Written("Again"), channel="portal", at=then["at"], by=chitra)
        elif act in ("S1", "S2", "S3"):
            verify_severity(ticket, act.lower(), reason="We looked", **then)
        elif act == "solved":
            move_ticket(ticket, "solved", **then)
        else:
            hand_over_ticket(ticket, act, **then)
    wake(ticket.pk, at=timezone.now())


@pytest.mark.parametrize(
    "name, acts, wanted",
    [
        ("Answers", ("S1", (2, "S2"), (3, "answer")), Counted(0, 1, 0)),
        ("Answers", ("S1", (0.5, "S2"), (3, "answer")), Counted(1, 0, 0)),
        ("Answers", ("S1", (2, "S3"), (3, "answer")), Counted()),
        ("Solved", ("S1", (5, "solved"), (6, "writes"), (7, "solved")), Counted(0, 1, 0)),
        ("Solved", ("S1", (2, "solved"), (6, "writes"), (7, "solved")), Counted(1, 0, 0)),
        ("By the aim", ("S1", (0.5, "answer")), Counted(1, 0, 0)),
        ("By the aim", ("S1", (1.5, "answer")), Counted(0, 1, 0)),
        ("By the aim", ("S1", (0.5, "S2"), (5, "answer")), Counted(0, 1, 0)),
        ("By the aim", ("S1", (0.5, "S2"), (3, "answer")), Counted(1, 0, 0)),
        ("At the back", ("S3", (1, "back"), (5, "front")), Counted()),
        ("At the back", ("S2", (1, "back"), (5, "front")), Counted()),
        ("At the back", ("S1", (1, "answer")), Counted()),
        ("At the back", ("S1", (1, "back"), (1.5, "front")), Counted(1, 0, 0)),
        ("At the back", ("S1", (1, "back"), (1.5, "answer")), Counted(0, 1, 0)),
        ("At the back", ("S1", (1, "back"), (3, "front"), (4, "back")), Counted(0, 1, 0)),
        ("At the back", ("S1", (1, "back"), (3, "front"), (4, "S3")), Counted()),
        ("Solved at the back", ("S1", (1, "back"), (9, "front")), Counted()),
        ("Solved at the back", ("S3", (1, "back"), (9, "front")), Counted()),
        ("Solved at the back", ("S2", (1, "back"), (2, "front")), Counted(1, 0, 0)),
        ("Solved at the back", ("S2", (1, "back"), (9, "front")), Counted(0, 1, 0)),
        ("Solved", ("S3", (1, "back"), (9, "front")), Counted()),
    ],
)
def test_what_was_late_once_or_is_promised_to_some_alone_is_counted_alike(name, acts, wanted):
    desk = make_desk("late-once", LATE_ONCE)
    bala = make_agent(desk, role="lead", name="Bala")
    severity, *acts = acts
    hours_of_a_case(make_contact(desk), bala, severity, *acts)
    book, level, found = counted(bala, name)
    said = outcome(book, level, state_of(Ticket.objects.get()), at=timezone.now())
    by_engine = Counted().plus(said) if said else Counted()
    assert (found[0].counted, by_engine) == (wanted, wanted)


def test_what_is_each_customers_own_says_what_follows_for_it(bala, cases):
    _desk, _level, found = counted(bala, "Each")
    assert [(one.organisation, one.counted) for one in found] == [
        (cases[0].organisation.name, Counted(2, 2, 0))
    ]
    assert str(found[0].gives) == "1,440 EUR"


def test_whoever_had_no_case_in_time_stands_first_and_who_is_undecided_last(desk, bala):
    at = timezone.now() - DAY
    for name, answered in (("Kept", [1]), ("Waits", []), ("Bad", [3]), ("Mixed", [1, 3])):
        customer = make_organisation(desk, name=name, plan="gold")
        chitra = make_contact(desk, name, organisation=customer)
        for hours in answered or [None]:
            opened_at = at if hours else timezone.now()
            case = NewCase("Lamp", Written("Dark"), "portal", severity="urgent")
            ticket = open_ticket(chitra, case, at=opened_at, by=chitra).ticket
            if hours:
                wake(ticket.pk, at=at + hours * HOUR)
                said, key = Written("We look"), f"a{ticket.pk}"
                answer_ticket(ticket, said, at=at + hours * HOUR, by=bala, key=key)
    _desk, _level, found = counted(bala, "Each")
    assert [one.organisation for one in found] == ["Bad", "Mixed", "Kept", "Waits"]
    assert [one.counted.percent for one in found] == [0, 50, 100, None]


@pytest.mark.parametrize(
    "counts, shown",
    [((849, 1), "99.8%"), ((1, 0), "100.0%"), ((0, 3), "0.0%"), ((0, 0), ""), ((1999, 1), "99.9%")],
)
def test_a_share_is_rounded_down_so_that_none_too_low_reads_as_reached(desk, counts, shown):
    level = desk_in_force(desk).service_levels[0]
    now = timezone.now()
    standing = Standing(level, now - DAY, now, Counted(*counts))
    assert level_row(desk_in_force(desk), standing)[8] == shown


def test_what_is_owed_is_said_with_how_it_comes(bala, cases):
    desk, now = desk_in_force(bala.desk), timezone.now()
    owing = list(owed_between(bala, desk, now - 10 * DAY, now + DAY, at=now))
    assert [(str(one.owed.money), one.owed.units) for one in owing] == [("750 INR", 3)] * 3


def browser(agent):
    client = Client()
    client.force_login(agent.user)
    return client


def both(client, address):
    """Return what stands there of this period and of the one before: a month may begin today."""
    pages = [client.get(f"{address}?ago={ago}") for ago in (0, 1)]
    return "".join(b"".join(page).decode() for page in pages)


def test_leads_read_it_as_a_page_as_files_and_in_the_morning(bala, cases):
    leads, address = browser(bala), "/console/reports/service-levels/"
    page = both(leads, address)
    assert "50.0%" in page
    assert "1,440 EUR" in page
    assert page.count("<h2>By the aim</h2>") == 2
    assert '<span class="badge tone-red">50.0%</span>' in page
    assert "2 too many are late" in page
    assert "By the aim" in both(leads, f"{address}levels.csv")
    assert "for every 1 day begun, at most 1,000 INR" in both(leads, f"{address}owed.csv")
    line = lines_of(bala, desk_in_force(bala.desk), at=cases[0].opened_at)[0]
    assert line == "Answers: 2 of 4 in time, 90% promised – 2 too many are late"
    assert "Told: " in leads.get("/console/morning/").content.decode()
    assert leads.get(f"{address}?ago=x").status_code == 404
    assert address in leads.get("/console/reports/flow/").content.decode()


def test_agents_do_not_read_it(desk, cases):
    asha = make_agent(desk, name="Asha")
    assert browser(asha).get("/console/reports/service-levels/").status_code == 404
