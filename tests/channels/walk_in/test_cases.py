"""What becomes of a visit: whose case it is."""

import pytest

from deskbook.channels.walk_in.cases import WalkIn, log_walk_in
from deskbook.channels.walk_in.sites import site_of
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.messages import Written
from tests.channels.walk_in.counter_book import BOOK
from tests.channels.walk_in.queue_desk import MINUTE, NOON, counter_desk, take
from tests.people_factory import make_agent, make_contact

pytestmark = pytest.mark.django_db
TEAMS = "teams:\n  head: { name: Head office }\n  hall: { name: Hall }\n"
RULES = (
    "routing:\n  rules:\n    - { category: Salary Matters, to: head }\n    - { category: Login, to:"
    " head }\n"
)
WITH_TEAM = BOOK.replace("{ name: PMU office,", "{ name: PMU office, team: hall,") + TEAMS


def visit(text, teams=("hall",)):
    """Return the ticket of a visit, who served it, and its token."""
    desk = counter_desk(text)
    site, asha = site_of(desk, "pmu"), make_agent(desk, "Asha", teams=teams)
    token = take(site)
    ticket = log_walk_in(site, token, _said(desk), at=NOON + MINUTE, by=asha)
    return ticket, asha, (site, token)


def _said(desk):
    return WalkIn(make_contact(desk), "Arrears", Written("They are missing."))


def test_who_sees_the_visitor_has_the_case():
    ticket, asha, _queue = visit(WITH_TEAM + RULES)
    assert (ticket.team, ticket.owner) == ("hall", asha)


@pytest.mark.parametrize("named", ["channel: visit", "channel: visit, category: Salary Matters"])
def test_a_rule_of_the_book_for_visits_has_the_last_word(named):
    rules = RULES.replace("rules:\n", f"rules:\n    - {{ {named}, to: head }}\n", 1)
    ticket, _asha, _queue = visit(WITH_TEAM + rules)
    assert (ticket.team, ticket.owner) == ("head", None)


def test_a_site_without_a_team_leaves_the_case_to_the_books_rules():
    ticket, _asha, _queue = visit(BOOK + TEAMS + RULES)
    assert (ticket.team, ticket.owner) == ("head", None)


def test_who_stands_in_from_another_team_leaves_the_case_to_the_team_of_the_place():
    ticket, _asha, _queue = visit(WITH_TEAM + RULES, teams=("head",))
    assert (ticket.team, ticket.owner) == ("hall", None)


def test_where_the_book_lets_nobody_own_a_new_case_the_visit_is_logged_all_the_same():
    ticket, _asha, _queue = visit(
        WITH_TEAM.replace("{ by hand: no }", "{ by hand: no, refuses: [assign] }")
    )
    assert (ticket.team, ticket.owner) == ("hall", None)


def test_logged_again_the_visit_is_not_taken_back_from_who_has_it_by_then():
    ticket, asha, (site, token) = visit(WITH_TEAM + RULES)
    bala = make_agent(site.helpdesk, "Bala", teams=("hall",))
    assign_ticket(ticket, bala, at=NOON + 2 * MINUTE, by=bala)
    again = log_walk_in(site, token, _said(site.helpdesk), at=NOON + 3 * MINUTE, by=asha)
    assert (again.pk, again.owner) == (ticket.pk, bala)
