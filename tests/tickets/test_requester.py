"""A case is made somebody else's: answers, access and what the book gives them follow, and the log
says who did it.
"""

from datetime import timedelta

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.letters import carry_answer
from deskbook.people.access import may_close, takes_part, visible_to_contact
from deskbook.people.contacts import find_or_make_contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket, ask_requester
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import change_requester
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def plans(desk):
    from deskbook.people.books import desk_in_force

    return list(desk_in_force(desk).plans)


@pytest.fixture
def people(desk, plans):
    """Who forwarded it, of the one organisation, and whose it is, of another with another plan."""
    here, there = (
        make_organisation(desk, "Here", plans[0]),
        make_organisation(desk, "There", plans[-1], "Asia/Kolkata"),
    )
    return make_contact(desk, "Chitra", here), make_contact(desk, "Joan", there)


@pytest.fixture
def ticket(people):
    case = NewCase("Printer", Written("It does not print."), "email", severity="s3")
    return open_ticket(people[0], case, at=MONDAY, by=people[0]).ticket


def changed(ticket, contact, by, *, follows=True, at=LATER):
    change_requester(ticket, contact, follows=follows, at=at, by=by)
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize("follows", [True, False])
def test_answers_go_to_the_new_requester_and_to_the_old_one_only_if_they_follow(
    ticket, people, asha, follows
):
    _chitra, joan = people
    ticket = changed(ticket, joan, asha, follows=follows)
    answered = answer_ticket(ticket, Written("Done."), at=LATER, by=asha).entries
    carry_answer(next(entry.pk for entry in answered if entry.kind == "Answered"))
    to = {row.recipient.partition("@")[0] for row in OutboundMail.objects.filter(purpose="answer")}
    assert to == ({"joan", "chitra"} if follows else {"joan"})


def test_who_works_at_the_desk_follows_no_case_that_they_brought_to_it(desk, people, asha):
    own = find_or_make_contact(desk, "email", asha.user.email)
    case = NewCase("Fwd: Printer", Written("It does not print."), "email", severity="s3")
    ticket = changed(
        open_ticket(own, case, at=MONDAY, by=own).ticket, people[1], asha, follows=True
    )
    assert who_is_answered(ticket) == [people[1]]
    assert not list(broken_links([ticket]))


@pytest.mark.parametrize("follows", [True, False])
def test_the_portal_shows_the_case_to_who_has_it_and_to_who_follows(ticket, people, asha, follows):
    chitra, joan = people
    ticket = changed(ticket, joan, asha, follows=follows)
    assert [visible_to_contact(one, Ticket.objects).exists() for one in (joan, chitra)] == [
        True,
        follows,
    ]
    assert [may_close(one, ticket) for one in (joan, chitra)] == [True, False]


def test_organisation_plan_zone_and_clocks_are_the_new_requesters(ticket, people, asha, plans):
    _chitra, joan = people
    ticket = changed(ticket, joan, asha)
    state = state_of(ticket)
    assert (ticket.requester, ticket.organisation) == (joan, joan.organisation)
    assert (state.facets["plan"], state.zone) == (plans[-1], "Asia/Kolkata")
    fresh = NewCase("Printer", Written("It does not print."), "email", severity="s3")
    theirs = open_ticket(joan, fresh, at=MONDAY, by=joan).ticket
    assert (ticket.next_due_at, ticket.next_due_clock) == (
        theirs.next_due_at,
        theirs.next_due_clock,
    )


def test_somebody_without_an_organisation_has_no_plan(ticket, desk, asha):
    ticket = changed(ticket, make_contact(desk, "Evan"), asha)
    assert (ticket.organisation, "plan" in state_of(ticket).facets) == (None, False)


def test_who_did_it_and_when_is_in_the_log_and_the_row_follows_from_it(ticket, people, asha):
    ticket = changed(ticket, people[1], asha)
    entry = ticket.log.get(kind="RequesterChanged")
    assert (entry.actor, entry.at) == (f"agent:{asha.pk}", LATER)
    assert list(broken_links([ticket])) == []


def test_what_one_requester_was_reminded_of_closes_no_case_of_another(ticket, people, asha):
    ask_requester(
        ticket, Written("Which one?"), ["steps"], at=MONDAY + timedelta(minutes=1), by=asha
    )
    before = state_of(Ticket.objects.get(pk=ticket.pk))
    after = state_of(changed(ticket, people[1], asha, at=MONDAY + timedelta(days=3)))
    assert after.stage == before.stage
    assert after.stage_entered_at == MONDAY + timedelta(days=3)
    assert after.reminded == 0


def test_the_same_person_again_changes_nothing(ticket, people, asha):
    changed(ticket, people[0], asha)
    assert not ticket.log.filter(kind="RequesterChanged").exists()


def test_a_closed_case_changes_hands_only_when_it_is_open_again(ticket, people, asha):
    close_ticket(ticket, at=LATER, by=people[0])
    with pytest.raises(Refused, match="Reopen it first"):
        changed(ticket, people[1], asha, at=LATER + timedelta(hours=1))


def test_a_plan_the_book_does_not_know_is_refused_and_nothing_changes(ticket, desk, people, asha):
    joan = make_contact(desk, "Jo", make_organisation(desk, "Elsewhere", "gold"))
    with pytest.raises(Refused, match="The book has no plan “gold”"):
        changed(ticket, joan, asha)
    assert Ticket.objects.get(pk=ticket.pk).requester == people[0]


def test_nobody_of_another_desk_becomes_the_requester(ticket, asha):
    with pytest.raises(Refused, match="another desk"):
        changed(ticket, make_contact(make_desk("small"), "Farah"), asha)


def test_of_two_changes_at_once_the_second_takes_it_from_whom_the_first_gave_it(
    ticket, people, asha, desk
):
    chitra, joan = people
    seen_before, dev = Ticket.objects.get(pk=ticket.pk), make_contact(desk, "Dev")
    changed(ticket, joan, asha, follows=False)
    ticket = changed(seen_before, dev, asha, follows=False)
    assert [takes_part(one, ticket) for one in (chitra, joan, dev)] == [False, False, True]
    assert not list(broken_links([ticket]))


def test_who_got_it_meanwhile_is_given_it_back_by_a_page_that_shows_them_still(
    ticket, people, asha
):
    chitra, joan = people
    seen_before = Ticket.objects.select_related("requester").get(pk=ticket.pk)
    changed(ticket, joan, asha)
    assert changed(seen_before, chitra, asha).requester == chitra
