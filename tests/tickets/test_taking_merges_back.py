"""A merge that is taken back: everybody's words, files and answers stand on their own case again,
and they are told where.
"""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from deskbook.channels.contract import Incoming
from deskbook.channels.email.deliver import fail
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.way_in import take_in
from deskbook.jobs import letters
from deskbook.jobs.concerns import notify
from deskbook.jobs.deliveries import not_reached
from deskbook.jobs.mirroring import mirror
from deskbook.jobs.reactions import FOLLOWS
from deskbook.people.access import takes_part
from deskbook.people.reading_since import reads_since
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.participants import add_participant, change_requester, remove_participant
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_agent, make_contact
from tests.tickets.merged_cases import case_of, letters_of_unmerging

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_taken_back_everybody_is_where_they_were(merged, asha):
    other, kept = merged
    unmerge_ticket(other, at=MONDAY + 2 * HOUR, by=asha)
    kept.refresh_from_db()
    assert not takes_part(other.requester, kept)
    assert who_is_answered(kept) == [kept.requester]
    assert state_of(kept).participants == {str(kept.requester.pk)}
    assert not list(broken_links([kept]))


def copies_in(who, ticket, name, at):
    """Somebody who follows by a merge answers and copies in another address."""
    second = make_contact(ticket.desk, name)
    take_in(
        Incoming(
            who, "email", Written("And here."), at, f"cc {name}", ticket=ticket, followers=(second,)
        )
    )
    return second


def test_whom_they_copy_in_reads_no_more_than_they_do_and_leaves_with_them(merged, asha):
    other, kept = merged
    second = copies_in(other.requester, kept, "Dev at home", MONDAY + 2 * HOUR)
    guest = copies_in(kept.requester, kept, "Evan", MONDAY + 2 * HOUR)
    third = copies_in(second, kept, "Dev on the road", MONDAY + 3 * HOUR)
    assert reads_since(second, kept) == MONDAY + 2 * HOUR
    unmerge_ticket(other, at=MONDAY + 4 * HOUR, by=asha)
    kept.refresh_from_db()
    assert [takes_part(one, kept) for one in (second, third, guest)] == [False, False, True]
    assert state_of(kept).participants == {str(kept.requester.pk), str(guest.pk)}


def test_who_came_with_two_cases_stays_while_one_of_them_does(merged, desk, asha):
    other, kept = merged
    another = case_of(other.requester)
    merge_ticket(another, kept, at=MONDAY + 2 * HOUR, by=asha)
    unmerge_ticket(other, at=MONDAY + 3 * HOUR, by=asha)
    assert takes_part(other.requester, kept)
    unmerge_ticket(another, at=MONDAY + 4 * HOUR, by=asha)
    assert not takes_part(other.requester, kept)


def answered_while_merged(other, asha):
    """The person of the merged case was asked, answered with a file, and the merge is taken back
    weeks later.
    """
    said = Written("Here is the log.", files=(File("run.log", "text/plain", b"x"),))
    take_in(Incoming(other.requester, "portal", said, MONDAY + 2 * HOUR, "k", ticket=other))
    unmerge_ticket(other, at=MONDAY + timedelta(days=40), by=asha)
    return Ticket.objects.get(pk=other.pk)


def test_taken_back_what_they_wrote_meanwhile_is_their_answer_on_their_own_case(asked, asha):
    other, kept = asked
    mine = answered_while_merged(other, asha)
    said = mine.messages.get(text="Here is the log.")
    assert (said.author_contact, said.outsider) == (other.requester, False)
    assert bytes(said.attachments.get().blob.data) == b"x"
    assert mine.waits_for == "desk" and not state_of(mine).awaited
    assert not list(broken_links([mine, kept]))


def test_what_they_wrote_meanwhile_is_read_by_nobody_on_the_other_case_any_more(asked, asha):
    other, kept = asked
    answered_while_merged(other, asha)
    assert not kept.messages.filter(text="Here is the log.", outsider=False).exists()


def told_meanwhile(merged, asha):
    """Dev's case was answered on Chitra's, he answered that with his helper copied in, and the
    merge is taken back.
    """
    other, kept = merged
    answer_ticket(
        kept,
        Written("Try again.", files=(File("fix.bin", "x/y", b"z"),)),
        at=MONDAY + 2 * HOUR,
        by=asha,
    )
    helper = copies_in(other.requester, kept, "Farah", MONDAY + 3 * HOUR)
    unmerge_ticket(other, at=MONDAY + 4 * HOUR, by=make_agent(kept.desk, "Bala"))
    return Ticket.objects.get(pk=other.pk), Ticket.objects.get(pk=kept.pk), helper


def test_whom_they_copied_in_meanwhile_goes_home_with_their_words(merged, asha):
    mine, kept, helper = told_meanwhile(merged, asha)
    assert who_is_answered(mine) == [mine.requester, helper]
    assert who_is_answered(kept) == [kept.requester]
    assert reads_since(helper, mine) == MONDAY + 3 * HOUR
    assert mine.log.get(kind="ParticipantAdded").data == {"contact": str(helper.pk)}
    assert str(helper.pk) in kept.log.get(kind="Released").data["leaving"]
    assert not list(broken_links([mine, kept]))


def test_what_they_were_told_meanwhile_stands_on_their_own_case_before_what_they_wrote_to_it(
    merged, asha
):
    mine, kept, _helper = told_meanwhile(merged, asha)
    said = list(mine.messages.order_by("pk"))
    assert [one.text for one in said[1:]] == ["Try again.", "And here."]
    assert (said[1].author_user, said[1].at) == (asha.user, MONDAY + 2 * HOUR)
    assert bytes(said[1].attachments.get().blob.data) == b"z"
    assert mine.log.get(kind="AnsweredElsewhere").actor == f"agent:{asha.pk}"
    assert kept.messages.filter(text="Try again.").exists()
    assert state_of(mine).first_answer_at is not None and mine.waits_for == "desk"


def test_nobody_is_sent_an_answer_twice_for_that_and_they_are_told_that_their_case_goes_on_alone(
    merged, asha
):
    mine, kept, _helper = told_meanwhile(merged, asha)
    letters.tell_of_merge_taken_back(mine.log.get(kind="Unmerged").pk)
    assert FOLLOWS["AnsweredElsewhere"].jobs == (notify, mirror)
    told = {
        row.recipient.partition("@")[0]: parse(bytes(row.raw)).text
        for row in OutboundMail.objects.all()
    }
    assert told.keys() == {"dev", "farah"}
    assert f"goes on by itself again as {mine}, no longer as {kept}" in told["dev"]
    assert "The case “The report is empty”, which you follow" in told["farah"]


def test_the_timelines_of_both_say_what_went_home(merged, asha):
    mine, kept, _helper = told_meanwhile(merged, asha)
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    own, other = (
        unescape(client.get(f"/console/tickets/{one}").content.decode()) for one in (mine, kept)
    )
    assert "answered while this was merged into another ticket" in own
    assert f"{mine} was taken out again; they follow no more: Dev, Farah" in other


def test_who_only_followed_is_named_when_a_merge_is_taken_back(desk, asha):
    mine, kept = (case_of(make_contact(desk, name)) for name in ("Dev", "Chitra"))
    add_participant(mine, make_contact(desk, "Farah"), at=MONDAY, by=asha)
    merge_ticket(mine, kept, at=MONDAY + HOUR, by=asha)
    unmerge_ticket(mine, at=MONDAY + 2 * HOUR, by=asha)
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    assert (
        "they follow no more: Dev, Farah" in client.get(f"/console/tickets/{kept}").content.decode()
    )


@pytest.mark.parametrize("written_to", ["their own case", "the kept one", "both"])
def test_words_of_who_stays_on_the_kept_case_stand_where_they_were_written_to(
    asked, asha, written_to
):
    other, kept = asked
    merge_ticket(case_of(other.requester), kept, at=MONDAY + HOUR, by=asha)
    to = {"their own case": (other.pk,), "the kept one": (), "both": (kept.pk, other.pk)}
    words = Written("Here is the log.", written_to=to[written_to])
    take_in(Incoming(other.requester, "portal", words, MONDAY + 2 * HOUR, "k", ticket=kept))
    unmerge_ticket(other, at=MONDAY + 3 * HOUR, by=asha)
    found = {
        name
        for name, case in (("their own case", other), ("the kept one", kept))
        if case.messages.filter(text="Here is the log.", outsider=False).exists()
    }
    assert found == ({"their own case", "the kept one"} if written_to == "both" else {written_to})


def test_who_was_taken_out_meanwhile_is_told_that_their_case_goes_on_by_itself(merged, asha):
    other, kept = merged
    remove_participant(kept, other.requester, at=MONDAY + 2 * HOUR, by=asha)
    unmerge_ticket(other, at=MONDAY + 3 * HOUR, by=asha)
    told = letters_of_unmerging(other)
    assert told.keys() == {"dev"}
    assert f"goes on by itself again as {other}" in told["dev"]


def test_who_became_the_requester_meanwhile_stays_and_hears_where_the_words_are(merged, asha):
    other, kept = merged
    dev = other.requester
    change_requester(kept, dev, follows=True, at=MONDAY + 2 * HOUR, by=asha)
    kept.refresh_from_db()
    answer_ticket(kept, Written("Try again."), at=MONDAY + 3 * HOUR, by=asha)
    unmerge_ticket(other, at=MONDAY + 4 * HOUR, by=asha)
    kept.refresh_from_db()
    assert kept.log.get(kind="Released").data.get("leaving", []) == []
    assert str(dev.pk) in state_of(kept).participants and dev in who_is_answered(kept)
    told = letters_of_unmerging(other)["dev"]
    assert "What was answered meanwhile stands on both" in told and "there too" not in told
    assert other.messages.filter(text="Try again.").exists()
    assert not list(broken_links([other, kept]))


def test_how_an_answer_fared_that_came_home_is_said_there_and_so_is_that_it_came_back_later(
    merged, asha
):
    mine, kept = merged
    answer_ticket(kept, Written("Try again."), at=MONDAY + 2 * HOUR, by=asha)
    letters.carry_answer(kept.log.get(kind="Answered").pk)
    sent = OutboundMail.objects.get(contact=mine.requester)
    unmerge_ticket(mine, at=MONDAY + 4 * HOUR, by=asha)
    fail(sent, "No such user.", hard=True, at=MONDAY + 5 * HOUR)
    failed = mine.log.get(kind="DeliveryFailed")
    copy = mine.messages.get(text="Try again.")
    assert (failed.data["message"], failed.data["to_requester"]) == (str(copy.pk), True)
    [missed] = not_reached(failed)
    assert (missed.to, missed.state) == (sent.recipient, "bounced")
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = unescape(client.get(f"/console/tickets/{mine}").content.decode())
    assert "No such user." in page and kept.requester.name not in page
    assert not kept.log.get(kind="DeliveryFailed").data.get("to_requester")
    assert not list(broken_links([mine, kept]))


def test_a_mail_to_two_cases_stands_once_on_the_page_of_the_one_both_go_on_as(desk, asha):
    chitra = make_contact(desk)
    kept, other = case_of(chitra), case_of(chitra, at=MONDAY + HOUR)
    for ticket in (kept, other):
        said, at = Written("To both."), MONDAY + 2 * HOUR
        take_in(Incoming(chitra, "portal", said, at, f"k{ticket.pk}", ticket=ticket))
    merge_ticket(other, kept, at=MONDAY + 3 * HOUR, by=asha)
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/tickets/{kept}").content.decode()
    assert page.count("To both.") * 2 == page.count("Chitra wrote.")
