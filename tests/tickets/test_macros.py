"""Macros of the book: several acts by one key, all of them or none."""

from dataclasses import replace

import pytest
from django.utils import timezone

from deskbook.book.load import load_book
from deskbook.people.books import desk_at
from deskbook.refusals.refusal import Refused
from deskbook.tickets.macros import macros_for, run_macro
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.state import state_of
from tests.people_factory import make_agent, make_contact, make_desk
from tests.tickets.macro_desk import DESK, MACROS


@pytest.fixture
def at_the_desk(db):
    desk = make_desk("harbour", DESK + MACROS)
    chitra, asha = make_contact(desk), make_agent(desk, "Asha", teams=("first line",))

    def case(kind):
        new = NewCase("List", Written("Here is my wish."), channel="email", facets={"type": kind})
        return open_ticket(chitra, new, at=timezone.now(), by=chitra).ticket

    return case, asha


def _offered(ticket):
    ticket.refresh_from_db()
    desk = desk_at(ticket.desk_id, ticket.book_version)
    return {macro.title: macro for macro in macros_for(desk, state_of(ticket))}


def test_a_macro_is_offered_where_its_facets_fit(at_the_desk):
    case, _asha = at_the_desk
    assert list(_offered(case("request"))) == ["Papers are missing", "Look at it"]
    assert list(_offered(case("question"))) == ["Look at it"]


def test_all_of_it_is_done_in_its_order_with_the_name_filled_in(at_the_desk):
    case, asha = at_the_desk
    ticket = case("request")
    run_macro(ticket, _offered(ticket)["Papers are missing"], at=timezone.now(), by=asha)
    ticket.refresh_from_db()
    state = state_of(ticket)
    assert (state.facets["category"], ticket.team, state.stage) == (
        "papers",
        "data team",
        "waiting",
    )
    said = dict(Message.objects.filter(ticket=ticket).values_list("kind", "text"))
    assert said["note"] == "Asked for the list."
    assert said["answer"] == f"Dear Chitra, please send the list for {ticket}."
    kinds = list(ticket.log.order_by("seq").values_list("kind", flat=True))
    done = [kind for kind in kinds if kind in ("Categorised", "Noted", "Answered")]
    assert done == ["Categorised", "Noted", "Answered"]


def test_pressed_twice_it_is_done_once(at_the_desk):
    case, asha = at_the_desk
    ticket = case("request")
    macro = _offered(ticket)["Papers are missing"]
    for _ in range(2):
        run_macro(ticket, macro, at=timezone.now(), by=asha, key="one click")
    assert Message.objects.filter(ticket=ticket, kind="answer").count() == 1
    assert Message.objects.filter(ticket=ticket, kind="note").count() == 1


@pytest.mark.django_db(transaction=True)
def test_where_the_book_refuses_one_act_none_is_done(at_the_desk):
    case, asha = at_the_desk
    ticket = case("request")
    macro = _offered(ticket)["Papers are missing"]
    before = list(ticket.log.values_list("kind", flat=True))
    with pytest.raises(Refused):
        run_macro(ticket, replace(macro, stage="closed"), at=timezone.now(), by=asha)
    assert list(ticket.log.values_list("kind", flat=True)) == before
    assert not Message.objects.filter(ticket=ticket, kind__in=("note", "answer")).exists()


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("{ name: x, note: a, stage: wating }", "unknown-name", "did you mean 'waiting'"),
        ("{ name: x, to: data tem }", "unknown-name", "did you mean 'data team'"),
        ("{ name: x, sort: { category: logn } }", "unknown-name", "did you mean 'login'"),
        ("{ name: x, sort: { kategory: login } }", "unknown-name", "did you mean 'category'"),
        ("{ name: x, answer: 'Dear {nme}' }", "template-variable", "'name'"),
        ("{ name: x }", "no-act", "does nothing"),
        ("{ name: x, typ: request, note: a }", "unknown-key", "'type'"),
    ],
)
def test_what_is_wrong_with_a_macro_is_said_at_its_line(line, code, words):
    findings = load_book(f"{DESK}macros:\n  - {line}\n").findings
    found = {finding.code: finding for finding in findings}
    assert code in found, findings
    assert words in found[code].message


def test_two_macros_of_one_name_are_told_apart():
    same = "macros: [{ name: Look, note: a }, { name: look, note: b }]\n"
    assert "same-name" in {finding.code for finding in load_book(DESK + same).findings}
