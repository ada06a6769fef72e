"""A chat outlives what the desk does with its case; its visitor reads, writes and is mailed only
what is theirs.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.chat import queue, talk
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.talk import Device
from deskbook.channels.chat.transcript import lines_for
from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.chats import settle_chats, tend
from deskbook.jobs.deliveries import deliveries_on
from deskbook.jobs.letters import carry_answer
from deskbook.people.access import takes_part
from deskbook.people.books import desk_in_force
from deskbook.people.merging import merge_contacts
from deskbook.people.models import ContactIdentity
from deskbook.people.reading_since import reads_since
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, LogEntry, Message, Participant
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import add_participant, change_requester, remove_participant
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.web.shared.chat_lines import THE_COPY, link_to
from tests.channels.chat.desk import SECRET
from tests.people_factory import make_contact, make_organisation

NOBODY_S = (403, "This chat is over. Begin a new one; what you wrote is kept here.")


@pytest.fixture
def session(desk, chitra):
    channel = desk_in_force(desk).channel_of("chat")
    talk.begin(
        chitra, channel, Written("My arrears are missing."), Device(SECRET), at=timezone.now()
    )
    return found()


@pytest.fixture
def emil(desk):
    return make_contact(desk, "Emil")


@pytest.fixture
def emils(emil):
    """Somebody else's case, with a file."""
    written = Written(
        "What only Emil wrote.", files=(File("salaries.txt", "text/plain", b"12,000"),)
    )
    return open_ticket(
        emil, NewCase("Salaries", written, "email"), at=timezone.now(), by=emil
    ).ticket


@pytest.fixture
def merged(session, emils, asha):
    """The chat's case, gone on as Emil's."""
    merge_ticket(session.ticket, emils, across=True, at=timezone.now(), by=asha)
    say("A line of mine.")
    emils.refresh_from_db()
    return emils


def found():
    return ChatSession.objects.select_related("ticket__desk", "desk", "contact").get()


def say(text, key="1" * 32):
    return talk.say(found(), Written(text), at=timezone.now(), key=key)


def write(text, key="4" * 32):
    return Client().post(
        "/chat/pay/lines/", {"text": text, "key": key}, headers={"x-chat-secret": SECRET}
    )


def asked(part="events"):
    return Client().get(f"/chat/pay/{part}/?after=0", headers={"x-chat-secret": SECRET})


def heard():
    return [line["text"] for line in asked().json()["lines"]]


def answered(ticket, agent, text):
    answer_ticket(ticket, Written(text), at=timezone.now(), by=agent)


def gone():
    ChatSession.objects.update(seen_at=timezone.now() - timedelta(minutes=2))


def settled(kind):
    settle_chats(LogEntry.objects.filter(kind=kind).latest("pk").pk)


def copied():
    return Client().get(f"/chat/pay/copy/{link_to(found().pk, THE_COPY)}/")


def made_somebody_elses(session, emil, asha):
    change_requester(session.ticket, emil, follows=False, at=timezone.now(), by=asha)
    answered(session.ticket, asha, "Between the desk and Emil.")


def is_refused(answer):
    return (answer.status_code, answer.json()["error"]) == NOBODY_S


def test_whose_case_was_given_to_another_hears_and_writes_nothing_there_any_more(
    session, emil, asha
):
    made_somebody_elses(session, emil, asha)
    assert is_refused(asked())
    assert is_refused(write("Still me."))
    assert "Between the desk" not in copied().content.decode()
    assert not Message.objects.filter(text="Still me.").exists()


def test_a_line_on_its_way_while_the_case_was_given_to_another_is_refused(session, emil, asha):
    made_somebody_elses(session, emil, asha)
    with pytest.raises(Refused):
        say("Sent before the page knew.")


def test_whose_case_was_given_to_another_is_not_mailed_what_is_said_there(session, emil, asha):
    made_somebody_elses(session, emil, asha)
    gone()
    tend()
    assert not OutboundMail.objects.filter(purpose="answer").exists()


def test_the_chat_ends_when_its_case_is_given_to_another(session, emil, asha):
    queue.take(session, at=timezone.now(), by=asha)
    made_somebody_elses(session, emil, asha)
    settled("RequesterChanged")
    assert (found().state, found().ended_by) == ("ended", "parted")


def test_an_operator_answers_nobody_in_a_chat_whose_case_was_given_to_another(session, emil, asha):
    queue.take(session, at=timezone.now(), by=asha)
    made_somebody_elses(session, emil, asha)
    with pytest.raises(Refused):
        talk.answer(found(), Written("For Chitra."), at=timezone.now(), by=asha, key="5" * 32)


def test_who_goes_on_following_goes_on_chatting(session, emil, asha):
    change_requester(session.ticket, emil, follows=True, at=timezone.now(), by=asha)
    settled("RequesterChanged")
    assert found().state == "waiting"
    assert write("Me too.").status_code == 200
    assert heard() == ["My arrears are missing.", "Me too."]


def test_whose_case_was_merged_hears_nothing_others_said_before(merged, asha):
    answered(merged, asha, "An answer to both.")
    assert heard() == ["A line of mine.", "An answer to both."]
    copy = copied().content.decode()
    assert "An answer to both." in copy
    assert "What only Emil wrote." not in copy


def test_whose_case_was_merged_fetches_no_file_others_sent_before(merged):
    file = Attachment.objects.get(name="salaries.txt", message__ticket=merged)
    assert (
        Client().get(f"/chat/pay/files/{link_to(found().pk, file.pk)}/salaries.txt").status_code
        == 404
    )


def test_who_sits_in_the_chat_of_a_merged_case_reads_there_what_is_answered_where_it_goes_on(
    session, emils, asha
):
    ContactIdentity.objects.filter(contact=session.contact, channel="email").delete()
    merge_ticket(session.ticket, emils, across=True, at=timezone.now(), by=asha)
    settled("Merged")
    answered(emils, asha, "The arrears were paid today.")
    entry = LogEntry.objects.filter(kind="Answered").latest("pk")
    carry_answer(entry.pk)
    assert found().ticket == emils
    assert heard()[-1] == "The arrears were paid today."
    sent = deliveries_on(emils.pk, [entry.seq]).get(entry.seq, [])
    assert [one.state for one in sent if one.person == f"contact {session.contact_id}"] == []


def test_a_merge_taken_back_takes_the_chat_along(merged, session, asha):
    unmerge_ticket(session.ticket, at=timezone.now(), by=asha)
    answered(merged, asha, "For Emil alone.")
    assert is_refused(write("On whose case?"))
    gone()
    tend()
    assert not OutboundMail.objects.filter(purpose="answer").exists()
    settled("Released")
    assert found().ticket == session.ticket
    assert write("On mine.").status_code == 200
    assert heard() == ["My arrears are missing.", "A line of mine.", "On mine."]
    assert not merged.messages.filter(text="On mine.").exists()


def test_who_was_let_go_from_the_kept_case_writes_nothing_on_it_through_the_merged_one(
    session, emils, asha, chitra
):
    merge_ticket(session.ticket, emils, across=True, at=timezone.now(), by=asha)
    remove_participant(emils, chitra, at=timezone.now(), by=chitra)
    assert is_refused(write("Here as well?"))
    assert not Message.objects.filter(text="Here as well?").exists()


def test_the_chat_ends_for_who_is_let_go_from_its_case(merged, chitra):
    remove_participant(merged, chitra, at=timezone.now(), by=chitra)
    settled("ParticipantRemoved")
    assert found().state == "ended"
    assert is_refused(asked())


@pytest.mark.parametrize(
    "part", ["requester", "follower", "since", "organisation", "merged person", "none"]
)
def test_a_chat_reads_by_the_rule_the_portal_reads_by(session, emil, emils, asha, chitra, part):
    """The rule is written a second time, in SQL: here the two are held together."""
    mine, at = session.ticket if part == "requester" else emils, timezone.now()
    if part in ("follower", "organisation", "since", "merged person"):
        add_participant(mine, chitra, at=at, by=emil)
    if part in ("organisation", "since"):
        Participant.objects.filter(contact=chitra).update(since=at)
    if part == "organisation":
        chitra.organisation = mine.organisation = make_organisation(session.desk, "Acme")
        chitra.save()
        mine.save(update_fields=["organisation"])
    if part == "merged person":
        merge_contacts(chitra, make_contact(session.desk, "Chitra Raman"), at=at, by=asha)
    ChatSession.objects.update(ticket=mine)
    chitra.refresh_from_db()
    whole = takes_part(chitra, mine) and reads_since(chitra, mine) is None
    assert (talk.chat_of(session.desk_id, SECRET, at=at) is not None) == takes_part(chitra, mine)
    assert bool(list(lines_for(found()))) == whole


def test_two_chats_are_not_merged_while_both_go_on(session, desk, emil, asha):
    channel = desk_in_force(desk).channel_of("chat")
    device = Device("another device's secret, as long")
    talk.begin(emil, channel, Written("My password."), device, at=timezone.now())
    other = ChatSession.objects.exclude(pk=session.pk).select_related("ticket__desk").get()
    console = Client()
    console.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")

    def merge():
        typed = {"other": str(other.ticket), "across": "yes"}
        return console.post(f"/console/tickets/{session.ticket}/merge", typed)

    refused = merge()
    assert refused.status_code == 409
    assert "each would read what the other writes" in refused.content.decode()
    talk.end(other, ChatSession.Ended.OPERATOR, at=timezone.now())
    assert merge().status_code == 302
    session.ticket.refresh_from_db()
    assert session.ticket.state["merged_into"] == str(other.ticket)
