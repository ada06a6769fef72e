"""Merging the cases of two people: both follow what is kept, each reads what is theirs, and it can
be taken back.
"""

from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.transcript import lines_after
from deskbook.channels.contract import Incoming
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.receive import running_case, take_in
from deskbook.engine.clocks import readings
from deskbook.jobs import letters
from deskbook.jobs.mirroring import mirror
from deskbook.jobs.reactions import REACTIONS
from deskbook.jobs.texts import reminder
from deskbook.people.access import reads_since, takes_part
from deskbook.people.books import desk_at
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.conversation import answer_ticket, ask_requester
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.intake import NewCase, open_ticket
from deskbook.tickets.log import wake
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.participants import add_participant, change_requester, remove_participant
from deskbook.tickets.promises import withdraw_promise
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from deskbook.tickets.work import confirm_delivery, deliver, offer_estimate
from deskbook.web.shared.reading import readable
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    return make_desk("sparkrock")


@pytest.fixture
def asha(desk):
    return make_agent(desk)


@pytest.fixture
def northwind(desk):
    return make_organisation(desk, plan="standard")


def case_of(contact, subject="The report is empty", at=MONDAY):
    return open_ticket(
        contact, NewCase(subject, Written(f"{contact} wrote."), "portal"), at=at, by=contact
    ).ticket


@pytest.fixture
def merged(desk, asha):
    """Dev's case, merged into Chitra's; neither is of an organisation."""
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    return Ticket.objects.get(pk=other.pk), Ticket.objects.get(pk=kept.pk)


def test_the_person_of_the_merged_case_follows_the_kept_one_and_gets_its_answers(merged, asha):
    other, kept = merged
    assert who_is_answered(kept) == [kept.requester, other.requester]
    assert str(other.requester.pk) in state_of(kept).participants
    assert not list(broken_links([kept]))


def test_they_are_told_under_which_number_their_case_goes_on_and_nobody_else_is(merged):
    other, kept = merged
    letters.mail_merged(LogEntry.objects.get(ticket=other, kind="Merged").pk)
    mail = OutboundMail.objects.get()
    assert mail.recipient == "dev@sparkrock-customer.example"
    assert f"({other}) goes on as {kept}" in bytes(mail.raw).decode().replace("=\r\n", "")


def test_a_follower_is_told_of_the_case_they_follow_and_one_of_both_cases_nothing(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    of_both, of_one = (make_contact(desk, name) for name in ("Evan", "Farah"))
    for ticket, follower in ((kept, of_both), (other, of_both), (other, of_one)):
        add_participant(ticket, follower, at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    letters.mail_merged(LogEntry.objects.get(ticket=other, kind="Merged").pk)
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
    letters.mail_merged(LogEntry.objects.get(ticket=other, kind="Merged").pk)
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


def answered_while_merged(other, asha):
    """The person of the merged case was asked, answered with a file, and the merge is taken back
    weeks later.
    """
    said = Written("Here is the log.", files=(File("run.log", "text/plain", b"x"),))
    take_in(Incoming(other.requester, "portal", said, MONDAY + 2 * HOUR, "k", ticket=other))
    unmerge_ticket(other, at=MONDAY + timedelta(days=40), by=asha)
    return Ticket.objects.get(pk=other.pk)


@pytest.fixture
def asked(desk, asha):
    """Dev's case, in which a log was asked for, merged into Chitra's."""
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    ask_requester(other, Written("Please send the log."), ["logs"], at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    return Ticket.objects.get(pk=other.pk), Ticket.objects.get(pk=kept.pk)


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


def test_taken_back_the_silence_of_a_case_is_counted_from_then_on(asked, asha):
    other, _kept = asked
    back_at = MONDAY + timedelta(days=40)
    unmerge_ticket(other, at=back_at, by=asha)
    wake(other.pk, at=back_at + HOUR)
    case = Ticket.objects.get(pk=other.pk)
    assert case.is_open and case.waits_for == "requester"
    assert case.wake_at is not None and case.wake_at > back_at + timedelta(days=1)


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
    letters.mail_unmerged(mine.log.get(kind="Unmerged").pk)
    assert REACTIONS["AnsweredElsewhere"] == (mirror,)
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


@pytest.mark.parametrize("away", ["taken out", "left", "another's now"])
def test_what_the_others_were_answered_after_somebody_was_out_does_not_go_home_with_their_case(
    merged, desk, asha, away
):
    other, kept = merged
    dev = other.requester
    answer_ticket(kept, Written("For both."), at=MONDAY + 2 * HOUR, by=asha)
    if away == "another's now":
        for whose in (dev, make_contact(desk, "Gita")):
            change_requester(kept, whose, follows=False, at=MONDAY + 3 * HOUR, by=asha)
    else:
        by = asha if away == "taken out" else dev
        remove_participant(kept, dev, at=MONDAY + 3 * HOUR, by=by)
    alone = Written("For the others.", files=(File("private.txt", "text/plain", b"x"),))
    answer_ticket(Ticket.objects.get(pk=kept.pk), alone, at=MONDAY + 4 * HOUR, by=asha)
    unmerge_ticket(other, at=MONDAY + 5 * HOUR, by=asha)
    assert set(other.messages.values_list("text", flat=True)) == {"Dev wrote.", "For both."}


def letters_of_unmerging(ticket):
    letters.mail_unmerged(ticket.log.get(kind="Unmerged").pk)
    mails = OutboundMail.objects.filter(purpose="unmerged")
    return {
        row.recipient.partition("@")[0]: " ".join(parse(bytes(row.raw)).text.split())
        for row in mails
    }


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


def test_what_waits_for_the_desk_waits_on_a_closed_case_it_is_merged_into(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    close_ticket(kept, at=MONDAY + HOUR, by=kept.requester)
    merge_ticket(other, kept, at=MONDAY + 2 * HOUR, by=asha)
    kept.refresh_from_db()
    assert kept.is_open and kept.waits_for == "desk"
    assert kept.log.get(kind="Reopened").data["cause"] == "merge"
    assert not list(broken_links([kept]))


def test_what_waits_for_the_desk_waits_on_a_case_whose_requester_was_asked(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    ask_requester(kept, Written("Which report?"), ["name"], at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    kept.refresh_from_db()
    assert kept.waits_for == "desk"
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/tickets/{kept}").content.decode()
    assert "because a ticket that waits was merged into it" in page


def test_a_case_that_waits_for_nothing_opens_none_and_the_letter_says_that_it_is_closed(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    for ticket in (kept, other):
        close_ticket(ticket, at=MONDAY + HOUR, by=ticket.requester)
        ticket.refresh_from_db()
    merge_ticket(other, kept, at=MONDAY + 2 * HOUR, by=asha)
    kept.refresh_from_db()
    assert not kept.is_open
    letters.mail_merged(other.log.get(kind="Merged").pk)
    assert "which is closed" in parse(bytes(OutboundMail.objects.get().raw)).text


def test_what_waits_is_not_merged_into_what_never_comes_back():
    book = (Path(__file__).parents[2] / "books" / "small.yaml").read_text()
    desk = make_desk("payroll", book + "reopening: { within: 1d }\n")
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    close_ticket(kept, at=MONDAY + HOUR, by=kept.requester)
    late = case_of(other.requester, at=MONDAY + timedelta(days=40))
    with pytest.raises(Refused, match="come back no more") as refused:
        merge_ticket(late, kept, at=MONDAY + timedelta(days=41), by=make_agent(desk))
    assert refused.value.rule == "merge"


def response_of(ticket):
    desk = desk_at(ticket.desk_id, ticket.book_version)
    return next(one for one in readings(desk, state_of(ticket)) if one.clock == "response")


def test_a_wrong_merge_stops_no_response_clock_and_an_answer_meanwhile_counts_when_it_was_given(
    desk, asha
):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    due_at = response_of(other).due_at
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    kept.refresh_from_db()
    answer_ticket(kept, Written("Try again."), at=MONDAY + 2 * HOUR, by=asha)
    unmerge_ticket(other, at=due_at + timedelta(days=30), by=asha)
    wake(other.pk, at=due_at + timedelta(days=30, hours=1))
    other.refresh_from_db()
    assert response_of(other).due_at == due_at
    assert state_of(other).first_answer_at == MONDAY + 2 * HOUR
    assert not other.log.filter(kind="LimitBreached", data__clock__startswith="response").exists()
    assert not list(broken_links([other]))


def test_nothing_that_is_promised_is_lost_by_a_merge(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    ring = Ring("+351912345678", MONDAY + 4 * HOUR)
    promised = promise_call_back(other, ring, at=MONDAY, by=asha)
    with pytest.raises(Refused, match="Something is promised here by"):
        merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    withdraw_promise(other, promised.entries[0].data["promise"], at=MONDAY + HOUR, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)


def test_an_estimate_that_waits_for_a_signature_is_not_merged_away(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    offer_estimate(other, HOUR, "10 EUR", "A report", at=MONDAY, by=asha)
    with pytest.raises(Refused, match="An estimate is waiting"):
        merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)


def test_a_delivery_that_waits_to_be_confirmed_is_not_merged_away(desk, asha):
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    deliver(other, "26.3.1", words="Please try", at=MONDAY, by=asha)
    with pytest.raises(Refused, match=r"whether version 26\.3\.1 works"):
        merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    confirm_delivery(other, at=MONDAY + HOUR, by=other.requester)
    merge_ticket(other, kept, at=MONDAY + 2 * HOUR, by=asha)
    assert Ticket.objects.get(pk=other.pk).outcome == "merged"


@pytest.fixture
def answered_without_dev(desk, asha):
    """Dev's case, which Farah follows, merged into Chitra's; Dev is taken out there before the rest
    are answered, and the merge is taken back.
    """
    kept, other = (case_of(make_contact(desk, name)) for name in ("Chitra", "Dev"))
    farah = make_contact(desk, "Farah")
    add_participant(other, farah, at=MONDAY, by=asha)
    merge_ticket(other, kept, at=MONDAY + HOUR, by=asha)
    answer_ticket(Ticket.objects.get(pk=kept.pk), Written("All."), at=MONDAY + 2 * HOUR, by=asha)
    remove_participant(kept, other.requester, at=MONDAY + 3 * HOUR, by=asha)
    without = Written("Without Dev.", files=(File("private.txt", "text/plain", b"x"),))
    answer_ticket(Ticket.objects.get(pk=kept.pk), without, at=MONDAY + 4 * HOUR, by=asha)
    unmerge_ticket(other, at=MONDAY + 5 * HOUR, by=asha)
    return Ticket.objects.get(pk=other.pk), farah


def test_what_a_follower_was_answered_goes_home_for_them_but_not_for_who_was_out_by_then(
    answered_without_dev, asha
):
    mine, farah = answered_without_dev
    read = {
        str(who): set(readable(mine, who).values_list("text", flat=True))
        for who in (farah, mine.requester)
    }
    assert read == {
        "Farah": {"Dev wrote.", "All.", "Without Dev."},
        "Dev": {"Dev wrote.", "All."},
    }
    copy = mine.messages.get(text="Without Dev.")
    assert bytes(copy.attachments.get().blob.data) == b"x"
    client = Client()
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    page = unescape(client.get(f"/console/tickets/{mine}").content.decode())
    answered = "answered while this was merged into another ticket"
    without_dev = page.count(f"{answered}; who had left that one by then does not read it")
    assert without_dev and page.count(answered) == 2 * without_dev


def test_who_was_out_is_not_told_that_all_that_was_answered_stands_on_their_case(
    answered_without_dev,
):
    mine, _farah = answered_without_dev
    told = letters_of_unmerging(mine)
    assert told.keys() == {"dev", "farah"}
    assert all("What you wrote and were answered meanwhile" in one for one in told.values())


def test_no_reminder_quotes_to_somebody_what_was_answered_when_they_were_out(answered_without_dev):
    mine, _farah = answered_without_dev
    words = reminder(mine.log.latest("seq"), mine.requester, None)
    assert "All." in words and "Without Dev." not in words


def test_no_chat_shows_what_was_answered_when_its_visitor_was_out(answered_without_dev):
    mine, farah = answered_without_dev
    chats = {
        who: ChatSession.objects.create(
            desk=mine.desk,
            ticket=mine,
            contact=who,
            channel="chat",
            token_hash=str(who),
            began_at=MONDAY,
            queued_at=MONDAY,
            seen_at=MONDAY,
            pace_from_at=MONDAY,
        )
        for who in (mine.requester, farah)
    }
    shown = {line.text: line.readers for line in lines_after({mine.pk: 0})}
    assert shown["Without Dev."] == (chats[farah].pk,)
    assert set(shown["All."]) == {chat.pk for chat in chats.values()}
