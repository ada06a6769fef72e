"""Once a night what nobody needs goes; what a case is made of stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.sms.models import IncomingText, SmsReport
from deskbook.channels.whatsapp.models import WhatsAppPayload
from deskbook.delivery.clearing import TOLD_KEPT
from deskbook.jobs.clearing import clear
from deskbook.knowledge.models import SpentChallenge
from deskbook.moving.models import Move, NotMoved
from deskbook.tickets.messages import File, Written, store_blob
from deskbook.tickets.models import Attachment, Blob, Draft, Presence
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk

NOW = timezone.now()
OLD = NOW - TOLD_KEPT - timedelta(days=1)


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def case(desk):
    chitra = make_contact(desk)
    written = Written("Help", files=(File("list.txt", "text/plain", b"shared"),))
    return open_ticket(chitra, NewCase("Empty report", written, "portal"), at=NOW, by=chitra).ticket


def test_who_was_there_yesterday_and_what_was_spent_is_forgotten(desk, case):
    asha = make_agent(desk)
    for user, days in ((asha.user, 2), (make_agent(desk, "Bala").user, 0)):
        Presence.objects.create(user=user, ticket=case, seen_at=NOW - timedelta(days=days))
        Draft.objects.create(user=user, place="x", fields={"text": "half"})
        SpentChallenge.objects.create(challenge=f"c{days}", until=NOW - timedelta(days=days - 1))
    Draft.objects.filter(user=asha.user).update(saved_at=NOW - timedelta(days=200))
    cleared = clear(NOW)
    assert (cleared["presences"], cleared["drafts"], cleared["challenges"]) == (1, 1, 1)
    assert Presence.objects.count() == Draft.objects.count() == SpentChallenge.objects.count() == 1
    assert not any(clear(NOW).values())


def test_what_was_left_out_when_a_desk_moved_in_is_kept_for_thirty_days(desk):
    for days, state in ((40, "done"), (40, "read"), (20, "read")):
        move = Move.objects.create(
            desk=desk, source="csv", name="x", state=state, begun_at=NOW - timedelta(days=days)
        )
        NotMoved.objects.create(move=move, place="line 3", why="", what="Chitra’s words")
    clear(NOW)
    assert sorted(Move.objects.values_list("state", flat=True)) == ["done", "read"]
    assert NotMoved.objects.get().move.begun_at == NOW - timedelta(days=20)


def test_files_of_forms_that_were_never_sent_go_and_those_of_drafts_and_cases_stay(desk, case):
    asha = make_agent(desk)
    kept, _left = store_blob(b"in a draft"), store_blob(b"left")
    Draft.objects.create(user=asha.user, place="x", fields={"files": [{"sha256": kept.sha256}]})
    assert clear(NOW)["blobs"] == 0
    Blob.objects.update(stored_at=NOW - timedelta(days=200))
    assert clear(NOW)["blobs"] == 1
    assert sorted(bytes(row.data) for row in Blob.objects.all()) == [b"in a draft", b"shared"]


def test_what_a_service_told_goes_with_its_bytes_once_it_was_understood(desk, case):
    for number, (state, at) in enumerate([("done", OLD), ("done", NOW), ("held", OLD)]):
        raw = store_blob(f"raw {number}".encode())
        WhatsAppPayload.objects.create(desk=desk, raw=raw, state=state, received_at=at)
    WhatsAppPayload.objects.create(
        desk=desk, raw=store_blob(b"shared"), state="done", received_at=OLD
    )
    assert clear(NOW)["whatsapp payloads"] == 2
    assert sorted(bytes(row.data) for row in Blob.objects.all()) == [b"raw 1", b"raw 2", b"shared"]
    assert bytes(Attachment.objects.get().blob.data) == b"shared"


def test_an_incoming_text_is_known_again_though_its_words_are_only_on_the_case(desk, case):
    for number, (state, at) in enumerate([("done", OLD), ("held", OLD), ("done", NOW)]):
        IncomingText.objects.create(
            desk=desk,
            provider_id=str(number),
            number="+1",
            text="words",
            state=state,
            ticket=case,
            came_at=at,
        )
        SmsReport.objects.create(desk=desk, provider_id=str(number), status="sent", came_at=at)
    cleared = clear(NOW)
    assert (cleared["texts"], cleared["sms reports"]) == (1, 2)
    assert list(IncomingText.objects.order_by("pk").values_list("text", flat=True)) == [
        "",
        "words",
        "words",
    ]
