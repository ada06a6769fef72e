"""Who left, or was taken out of, the case theirs was merged into does not get what was said then,
when the merge is taken back.
"""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.transcript import lines_after
from deskbook.jobs.words_of_letters import reminder
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.participants import add_participant, change_requester, remove_participant
from deskbook.tickets.relations import merge_ticket, unmerge_ticket
from deskbook.web.shared.reading import readable
from tests.people_factory import MONDAY, make_contact
from tests.tickets.merged_cases import case_of, letters_of_unmerging

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


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
