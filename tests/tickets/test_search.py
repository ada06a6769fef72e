"""Words are found as people write them, in every script the desks are written to in."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from deskbook.people.models import Agent
from deskbook.tickets.folding import searchable
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.numbered import named
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.queues import find, listed, statement_of
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.many import multiply, tickets_read

pytestmark = pytest.mark.django_db

WRITTEN = [
    ("ମଷ୍ଟର ରୋଲ୍‌ରେ ନାମ ଦେଖାଯାଉନାହିଁ", ["ମଷ୍ଟର", "ରୋଲ୍‌ରେ", "ରୋଲ୍ରେ", "ଦେଖା", "ନାମ ମଷ୍ଟର"]),
    ("ନମସ୍କାର ମହାଶୟ", ["ନମସ୍କାର", "ନମସ୍"]),
    ("मस्टर रोल नहीं खुलता", ["मस्टर", "नहीं", "खुल"]),
    ("പ്രിന്റർ പ്രവർത്തിക്കുന്നില്ല", ["പ്രിന്റർ", "പ്രവർ"]),
    ("A impressão não sai", ["impressao", "NÃO", "impres"]),
    (
        "The report.pdf of ana.silva@camara.example is empty",
        ["report.pdf", "pdf", "silva", "ana.silva@camara.example"],
    ),
    (
        "Version 2.10.3 at https://works.example/app/login?next=1",
        ["2.10.3", "works.example", "login", "/app/login"],
    ),
    (
        "Łódź, İstanbul, œuvre, Ærø, Đà Nẵng",
        ["lodz", "łódź", "ISTANBUL", "istanbul", "oeuvre", "aero", "da nang"],
    ),
    (
        "Ο εκτυπωτής, ёлка, a\u0300 la carte",
        ["εκτυπωτης", "ΕΚΤΥΠΩΤΉΣ", "елка", "à la carte", "a la"],
    ),
    (
        "Ring 912 345 678 or +55 (11) 91234-5678",
        ["912345678", "912 345 678", "5511912345678", "11 91234 5678"],
    ),
    ("Ring 922345678", ["922345678", "922 345 678", "922-345-678"]),
    (
        "Case COVID-19, INV-2024-00045 of 2026-11-28",
        ["COVID-19", "INV-2024-00045", "2026-11-28", "19"],
    ),
    ("It's the well-known error E_CONN_17", ["it's", "well-known", "known", "E_CONN_17", "conn"]),
]


@pytest.mark.parametrize(("subject", "typed"), WRITTEN)
def test_a_case_is_found_by_any_word_of_it_in_its_own_script(db, subject, typed):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    case = open_ticket(
        chitra, NewCase(subject, Written("Help."), "portal"), at=MONDAY, by=chitra
    ).ticket
    other = open_ticket(
        chitra, NewCase("Other", Written("ନାମ नाम"), "portal"), at=MONDAY, by=chitra
    ).ticket
    assert {words: found(asha, words) for words in typed} == {words: [case.pk] for words in typed}
    assert other.pk not in found(asha, "Help")


def test_a_case_is_found_by_the_names_of_its_files(db):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    file = File("Holerite Março.pdf", "application/pdf", b"%PDF")
    case = open_ticket(
        chitra, NewCase("X", Written("Help.", files=[file]), "portal"), at=MONDAY, by=chitra
    ).ticket
    assert found(asha, "marco holerite") == [case.pk]


@pytest.mark.parametrize(
    ("typed", "is_certain"),
    [("SPR-1", True), ("spr-1", True), ("#1", True), ("1", False), (" 1 ", False)],
)
def test_a_number_names_a_ticket_for_certain_with_the_desks_prefix_or_a_sign(db, typed, is_certain):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    case = open_ticket(
        chitra, NewCase("X", Written("Help."), "portal"), at=MONDAY, by=chitra
    ).ticket
    what = named(asha, typed)
    assert what is not None
    assert (what.tickets[0].id, what.is_certain) == (case.pk, is_certain)


@pytest.mark.parametrize(
    "typed", ["COVID-1", "INV-2024-1", "2026-11-1", "x1", "1.0", "##1", "#2", "١", "1" * 20]
)
def test_what_only_ends_in_a_number_names_no_ticket(db, typed):
    desk = make_desk("sparkrock")
    chitra = make_contact(desk)
    open_ticket(chitra, NewCase("X", Written("Help."), "portal"), at=MONDAY, by=chitra)
    assert named(make_agent(desk), typed) is None


def test_a_table_of_figures_makes_no_index_past_what_the_database_takes():
    assert len(searchable("1 2 " * 25_000)) < 1_000_000


def test_signs_are_no_words():
    assert searchable("& | ! : * ' () <-> \x00").split() == []


def test_what_was_written_before_letters_were_folded_is_found_after_the_upgrade(db):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    words = NewCase("Księgowość", Written("Biuro w mieście Łódź"), "portal")
    case = open_ticket(chitra, words, at=MONDAY, by=chitra).ticket
    Ticket.objects.update(search=None)
    import_module("deskbook.migrations.0021_letters_found").find_again(apps, None)
    assert found(asha, "lodz") == [case.pk]


def found(agent: Agent, words: str) -> list[int]:
    return [ticket.id for ticket in listed(find(agent, words))]


SUBJECTS = ["Invoice", "Printer", "invoice again", "An invoice more", "Printer too"]


@pytest.mark.parametrize("more", [[], ["An old invoice"]], ids=["few", "many"])
def test_the_latest_come_first_whether_many_or_few_hold_the_word(db, more):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    for day, subject in enumerate([*more, *SUBJECTS]):
        at = MONDAY + timedelta(days=day)
        open_ticket(chitra, NewCase(subject, Written("Help."), "portal"), at=at, by=chitra)
    asked = find(asha, "invoice")

    page = listed(asked, most=2)
    at, _, last = page[-1].key.rpartition("_")
    rest = listed(asked.behind(datetime.fromisoformat(at), int(last)))

    assert [row.subject for row in page] == ["An invoice more", "invoice again"]
    assert [row.subject for row in rest] == ["Invoice", *more]


@pytest.mark.parametrize(("every", "most"), [(2, 300), (4, 400), (30, 500)])
def test_a_search_looks_at_no_more_tickets_than_a_page_of_them_takes(db, every, most):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    case = open_ticket(chitra, NewCase("X", Written("Y"), "portal"), at=MONDAY, by=chitra).ticket
    multiply(
        case,
        6000,
        last_activity_at="last_activity_at + n * interval '1 minute'",
        search=f"to_tsvector('simple', case when (100 + n) %% {every} = 0 then 'word' else '' end)",
    )
    with connection.cursor() as cursor:
        statement, values = statement_of(find(asha, "word"))
        cursor.execute(f"explain (analyze, timing off, format json) {statement}", values)
        plan = cursor.fetchone()[0][0]["Plan"]

    newest = [6100 // every * every - every * n for n in range(51)]
    for page in (2, 51):
        assert [row.number for row in listed(find(asha, "word"), page)] == newest[:page]
    assert tickets_read(plan) <= most
