"""Merging the cases of two people: both follow what is kept, and each reads what is theirs."""

from datetime import timedelta

import pytest

from deskbook.channels.contract import Incoming
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.way_in import running_case, take_in
from deskbook.jobs import letters
from deskbook.people.reading_since import reads_since
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.participants import add_participant, change_requester, remove_participant
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_contact, make_organisation
from tests.tickets.merged_cases import case_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def northwind(desk):
    return make_organisation(desk, plan="standard")


def test_the_person_of_the_merged_case_follows_the_kept_one_and_gets_its_answers(merged, asha):
    other, kept = merged
    assert who_is_answered(kept) == [kept.requester, other.requester]
    assert str(other.requester.pk) in state_of(kept).participants
    assert not list(broken_links([kept]))


def test_they_are_told_under_which_number_their_case_goes_on_and_nobody_else_is(merged):
    other, kept = merged
    letters.tell_of_merge(LogEntry.objects.get(ticket=other, kind="Merged").pk)
    mail = OutboundMail.objects.get()
    assert mail.recipient == "dev@sparkrock-customer.example"
    assert f"({other}) goes on as {kept}" in bytes(mail.raw).decode().replace("=\r\n", "")


def test_a_follower_is_told_of_the_case_they_follow_and_one_of_both_cases_nothing(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    of_both, of_one = (make_contact(desk, name) for name in ("Evan", "Farah"))
    for ticket, follower in ((kept, of_both), (other, of_both), (other, of_one)):
        add_participant(ticket, follower, at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    letters.tell_of_merge(LogEntry.objects.get(ticket=other, kind="Merged").pk)
    told = {
        row.recipient.partition("@")[0]: parse(bytes(row.raw)).text
        for row in OutboundMail.objects.all()
    }
    assert told.keys() == {"dev", "farah"}
    assert "Your case “The report is empty”" in told["dev"]
    assert "The case “The report is empty” (" in told["farah"]
    assert "which you follow, goes on as" in told["farah"]


def test_two_cases_of_one_person_are_merged_without_a_letter(desk, asha):
    chitra = make_contact(desk)
    kept, other = case_of(chitra), case_of(chitra)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    letters.tell_of_merge(LogEntry.objects.get(ticket=other, kind="Merged").pk)
    assert not OutboundMail.objects.exists()
    assert who_is_answered(Ticket.objects.get(pk=kept.pk)) == [chitra]


@pytest.mark.parametrize("channel", ["email", "portal"])
def test_what_they_write_on_the_merged_case_arrives_on_the_kept_one_as_their_words(merged, channel):
    other, kept = merged
    recorded = take_in(
        Incoming(other.requester, channel, Written("More."), MONDAY + 2 * HOUR, "k", ticket=other)
    )
    assert recorded.ticket.pk == kept.pk
    said = Message.objects.get(text="More.")
    assert (said.ticket_id, said.author_contact, said.outsider) == (kept.pk, other.requester, False)
    assert Ticket.objects.count() == 2


def test_a_conversation_without_subjects_goes_on_where_the_case_went(merged):
    other, kept = merged
    assert running_case(other.requester, "portal").pk == kept.pk


def test_who_left_the_kept_case_does_not_go_on_with_it_by_a_channel_without_subjects(merged):
    other, kept = merged
    remove_participant(kept, other.requester, at=MONDAY + 2 * HOUR, by=other.requester)
    assert running_case(other.requester, "portal") is None


def test_what_who_left_the_kept_case_writes_on_their_merged_one_is_for_the_desk_alone(merged):
    other, kept = merged
    remove_participant(kept, other.requester, at=MONDAY + 2 * HOUR, by=other.requester)
    take_in(
        Incoming(other.requester, "portal", Written("More."), MONDAY + 3 * HOUR, "k", ticket=other)
    )
    said = Message.objects.get(text="More.")
    assert (said.ticket_id, said.outsider) == (kept.pk, True)


def test_a_merge_goes_by_whose_the_kept_case_is_now_not_by_what_a_page_showed_before(desk, asha):
    chitra, joan = make_contact(desk, "Chitra"), make_contact(desk, "Joan")
    kept, other = case_of(chitra), case_of(chitra)
    change_requester(Ticket.objects.get(pk=kept.pk), joan, follows=False, at=MONDAY + HOUR, by=asha)
    merge_ticket(other, kept, at=MONDAY + 2 * HOUR, by=asha)
    assert who_is_answered(Ticket.objects.get(pk=kept.pk)) == [joan, chitra]


def test_they_read_nothing_of_what_was_said_before_their_case_came(merged):
    other, kept = merged
    assert reads_since(other.requester, kept) == MONDAY + HOUR
    assert reads_since(kept.requester, kept) is None
    assert reads_since(other.requester, other) is None


def test_cases_of_two_organisations_are_merged_only_after_a_second_yes(desk, asha, northwind):
    kept = case_of(make_contact(desk, "Chitra", northwind))
    other = case_of(make_contact(desk, "Dev", make_organisation(desk, "Harbour Housing")))
    with pytest.raises(
        Refused, match=r"Dev \(Harbour Housing\).*Chitra \(Northwind Schools\)"
    ) as refused:
        merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    assert refused.value.rule == "across organisations"
    merge_ticket(other, kept, across=True, at=MONDAY + HOUR, by=asha)
    answer_ticket(Ticket.objects.get(pk=kept.pk), Written("Done."), at=MONDAY + 2 * HOUR, by=asha)
    assert len(who_is_answered(kept)) == 2
