"""What waited when a backup was made leaves the restored desk only by a person's word, and none of
it gets lost.
"""

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.sms.models import TextMessage
from deskbook.delivery.restored import hold_what_waited
from deskbook.delivery.states import State
from deskbook.people.refusals import in_words
from tests.web.conftest import as_bala, asha, bala, case, chitra, desk, open_case

__all__ = ["as_bala", "asha", "bala", "case", "chitra", "desk", "open_case"]


@pytest.fixture
def mails(case):
    """One mail of each state, by the state; and one that waits and is of no desk."""
    OutboundMail.objects.all().delete()
    told = {"recipient": "chitra@far.example", "purpose": "notice", "raw": b"", "subject": "Roll"}

    def made(name, **more):
        return OutboundMail.objects.create(
            notice_key=name, mail_id=name, queued_at=timezone.now(), **{**told, **more}
        )

    rows = {state: made(state.value, desk=case.desk, state=state) for state in State}
    return rows | {"of no desk": made("none", state=State.WAITING)}


def held():
    connection.ensure_connection()
    return hold_what_waited(connection.connection)


def states(rows):
    for row in rows.values():
        row.refresh_from_db()
    return {name: row.state for name, row in rows.items()}


def test_only_what_waits_or_was_in_hand_is_held(mails):
    before = states(mails)
    assert held() == 2
    assert states(mails) == before | {State.WAITING: State.HELD, State.IN_HAND: State.HELD}
    assert "may have left since" in in_words(mails[State.WAITING].reason)


def test_a_text_is_held_too(desk):
    text = TextMessage.objects.create(
        desk=desk, key="t", number="+14165550101", text="?", queued_at=timezone.now()
    )
    assert held() == 1
    text.refresh_from_db()
    assert text.state == State.HELD


def test_all_of_it_is_listed_with_the_reason_and_sent_with_one_click(as_bala, mails):
    OutboundMail.objects.filter(state=State.HELD).delete()
    mails.pop(State.HELD)
    held()
    assert "may have left since" in as_bala.get("/console/left-over/").content.decode()
    as_bala.post("/console/left-over/mail-out/trying")
    now = states(mails)
    assert {now[State.WAITING], now[State.IN_HAND]} == {State.WAITING}
    jobs = ProcrastinateJob.objects.filter(task_name="deliver_mail")
    asked = {job.args["outbound_id"] for job in jobs}
    assert {mails[State.WAITING].pk, mails[State.IN_HAND].pk} <= asked
