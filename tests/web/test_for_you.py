"""What concerns an agent: who is told, when, once; and the place where it stands."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.concerns import mail_notification, notify, tell_notification
from deskbook.people.books import apply_book, desk_at
from deskbook.people.models import Agent, User
from deskbook.people.roster_models import Leave
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket, note_on_ticket, take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.notification_models import Following, Notification
from deskbook.tickets.notifications import follow_ticket, mentioned_in
from deskbook.tickets.what_follows import called_for
from tests.people_factory import BOOKS, make_agent
from tests.web.test_roster_screen import text

pytestmark = pytest.mark.django_db
PAGE = "/console/for-you/"


@pytest.fixture
def noted(case, bala):
    """Bala notes something on the case, and what follows is done."""

    def note(words="@Asha look at this", **facts):
        recorded = note_on_ticket(case, Written(words), at=timezone.now(), by=bala)
        notify(recorded.entries[-1].pk, **facts)
        return recorded.entries[-1]

    return note


def whom(words, *names):
    agents = [Agent(pk=n, user=User(name=name)) for n, name in enumerate(names, start=1)]
    return [str(agent) for agent in mentioned_in(words, agents)]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("@Asha Nair, please", ["Asha Nair"]),
        ("please (@asha nair)", ["Asha Nair"]),
        ("@Bala can you", ["Bala"]),
        ("@Asha could be either", []),
        ("@Kofi and @Bala", ["Kofi Mensah", "Bala"]),
        ("write to info@Bala.example", []),
        ("@Balaji is somebody else", []),
        ("nobody", []),
    ],
)
def test_a_mention_is_the_whole_name_or_a_first_name_only_one_has(words, named):
    assert whom(words, "Asha Nair", "Asha Rao", "Bala", "Kofi Mensah") == named


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("@Asha Nair, please", [1, 2]), ("@asha", []), ("@bala", [3]), ("@Asha  Nair", [])],
)
def test_all_who_bear_the_whole_name_are_mentioned_and_nobody_by_a_name_two_have(words, numbers):
    names = ("Asha Nair", "asha nair", "Bala Rao")
    agents = [Agent(pk=n, user=User(name=name)) for n, name in enumerate(names, start=1)]
    assert [agent.pk for agent in mentioned_in(words, agents)] == numbers


def test_somebody_whose_name_is_spaces_hides_nobody_else_from_a_note(noted, asha, desk):
    User.objects.filter(pk=make_agent(desk, "Kofi").user_id).update(name="   ")
    noted("@ @Asha look at this")
    assert [(row.agent, row.why) for row in Notification.objects.all()] == [(asha, "mentioned")]


def test_who_is_mentioned_in_a_note_finds_it_in_one_place_and_reads_it_there(console, noted, case):
    noted()
    page = text(console.get(PAGE))
    words = f'Bala mentioned you on <span class="whole-number">{case}</span>'
    assert words in page and "@Asha look at this" in page
    assert '<span class="count">1</span>' in page
    console.post(f"{PAGE}reading")
    assert "All read." in text(console.get(PAGE))
    assert words in text(console.get(f"{PAGE}?all=yes"))


def test_opening_the_case_reads_what_concerns_it(console, noted, case):
    noted()
    console.post(f"/live/tickets/{case}/presence", {"state": "reading"})
    assert not Notification.objects.filter(read_at=None).exists()


def test_nothing_is_told_twice_nor_to_who_wrote_it(noted, asha, bala):
    entry = noted("@Asha and @Bala")
    notify(entry.pk)
    assert [(row.agent, row.why) for row in Notification.objects.all()] == [(asha, "mentioned")]
    assert _jobs("mail_notification").count() == 1


def test_a_job_that_tells_is_queued_only_where_there_may_be_somebody_to_tell(case, asha, bala):
    def is_called_for(entries):
        return any(notify in called_for(entry, desk, case) for entry in entries)

    desk, now = desk_at(case.desk_id, case.book_version), timezone.now()
    note = partial(note_on_ticket, case, at=now, by=bala)
    assert not is_called_for(note(Written("Called twice.")).entries)
    assert is_called_for(note(Written("@Asha look at this")).entries)
    assert is_called_for(assign_ticket(case, asha, at=now, by=bala).entries)
    case.refresh_from_db()
    assert is_called_for(answer_ticket(case, Written("Done."), at=now, by=bala).entries)
    own = answer_ticket(case, Written("Done."), at=now, by=asha).entries
    assert not is_called_for(own)
    follow_ticket(case, at=now, by=bala)
    assert is_called_for(own)


def test_who_follows_is_told_of_answers_and_of_what_the_requester_writes(
    console, case, chitra, bala, at_ticket
):
    console.post(at_ticket("following"))
    assert "You follow it." in text(console.get(at_ticket()))
    said = answer_ticket(case, Written("Done."), at=timezone.now(), by=bala).entries
    wrote = take_in_message(
        case, Written("Thank you"), channel="portal", at=timezone.now(), by=chitra
    ).entries
    for entry in (*said, *wrote):
        if entry.kind in ("Answered", "CustomerWrote"):
            notify(entry.pk)
    page = text(console.get(PAGE))
    assert f"Bala answered {case}" in page and f"Chitra wrote on {case}" in page
    console.post(at_ticket("not-following"))
    assert not Following.objects.exists()


def test_a_case_that_is_given_to_somebody_concerns_them_and_nobody_else(console, case, asha, bala):
    follow_ticket(case, at=timezone.now(), by=make_agent(case.desk, "Kofi"))
    recorded = assign_ticket(case, asha, at=timezone.now(), by=bala)
    for entry in recorded.entries:
        if entry.kind == "Assigned":
            notify(entry.pk)
    assert [row.agent for row in Notification.objects.all()] == [asha]
    assert f"{case} is yours now" in text(console.get(PAGE))


def test_who_is_off_by_the_roster_is_told_as_the_next_shift_begins(noted, asha, desk):
    now = timezone.now()
    begins_at = now + timedelta(hours=14)
    for start in (now - timedelta(hours=10), begins_at):
        desk.shifts.create(
            agent=asha, team="support", from_at=start, until_at=start + timedelta(hours=8)
        )
    noted()
    kept = Notification.objects.get()
    assert kept.told_at is None
    waiting = _jobs("tell_notification").get()
    assert waiting.scheduled_at == begins_at
    assert not _jobs("mail_notification").exists()
    tell_notification(kept.pk, at=begins_at)
    kept.refresh_from_db()
    assert kept.told_at == begins_at
    assert _jobs("mail_notification").exists()


def test_who_has_no_shift_to_come_is_told_at_once(noted, asha, desk):
    spring = timezone.now() - timedelta(days=200)
    desk.shifts.create(
        agent=asha, team="support", from_at=spring, until_at=spring + timedelta(hours=8)
    )
    noted()
    assert Notification.objects.get().told_at is not None


def test_who_is_on_leave_is_told_afterwards_with_no_shift_to_come_either(noted, asha, desk):
    now = timezone.now()
    leave = {"from_at": now - timedelta(days=1), "until_at": now + timedelta(hours=30)}
    leave["asked_at"] = now
    Leave.objects.create(desk=desk, agent=asha, state=Leave.State.ACCEPTED, **leave)
    noted()
    kept = Notification.objects.get()
    assert kept.told_at is None
    tell_notification(kept.pk, at=now + timedelta(days=2))
    kept.refresh_from_db()
    assert kept.told_at is not None


def leaves(asha):
    Agent.objects.filter(pk=asha.pk).update(is_active=False)


def sees_it_no_more(asha):
    book = f"{(BOOKS / 'sparkrock.yaml').read_text()}\nagents see: their teams\n"
    apply_book("sparkrock", book, at=timezone.now(), by=None)


@pytest.mark.parametrize("meanwhile", [leaves, sees_it_no_more])
def test_who_left_or_sees_the_case_no_more_is_told_and_mailed_nothing(noted, asha, meanwhile):
    noted()
    meanwhile(asha)
    kept = Notification.objects.get()
    Notification.objects.update(told_at=None)
    tell_notification(kept.pk)
    mail_notification(kept.pk)
    kept.refresh_from_db()
    assert kept.told_at is None
    assert not OutboundMail.objects.filter(recipient=asha.user.email).exists()


def test_the_mail_opens_the_desk_of_its_case_for_who_works_at_two(noted, asha, case):
    noted()
    mail_notification(Notification.objects.get().pk)
    mail = OutboundMail.objects.get(recipient=asha.user.email)
    assert f"/console/tickets/{case}?desk={case.desk.key}".encode() in bytes(mail.raw)


def test_what_was_read_meanwhile_is_not_mailed_and_what_was_not_is_once(console, noted, asha):
    noted()
    kept = Notification.objects.get()
    for _again in range(2):
        mail_notification(kept.pk)
    mail = OutboundMail.objects.get(recipient=asha.user.email)
    assert "mentioned you" in mail.subject and b"look at this" in bytes(mail.raw)
    noted("@Asha and this")
    console.post(f"{PAGE}reading")
    mail_notification(Notification.objects.latest("pk").pk)
    assert OutboundMail.objects.filter(recipient=asha.user.email).count() == 1


def test_who_wants_no_mail_gets_none(console, noted, asha):
    console.post(f"{PAGE}choice", {})
    asha.refresh_from_db()
    assert asha.mails_concerns is False
    noted()
    assert not _jobs("mail_notification").exists()


def _jobs(name):
    return ProcrastinateJob.objects.filter(task_name__endswith=name)
