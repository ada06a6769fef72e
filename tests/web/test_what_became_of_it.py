"""The timeline says of every message what became of it: quietly where it left, in words where it
did not.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.deliver import TryAgain, deliver, fail, give_up
from deskbook.channels.email.held import drop
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.channels.sms.models import TextMessage
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.delivery.states import State
from deskbook.engine.ladder_events import CannotBeReached
from deskbook.engine.ticket import SYSTEM
from deskbook.jobs import letters
from deskbook.jobs.alerts import alert_owner, tell
from deskbook.jobs.deliveries import deliveries_on
from deskbook.jobs.failure_models import JobFailure
from deskbook.people.books import desk_in_force
from deskbook.people.models import ContactIdentity
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import acknowledge_ticket, add_participant, answer_ticket
from deskbook.tickets.log import act
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.untold_models import Untold
from deskbook.web.console.ticket.timeline import timeline
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk


@pytest.fixture
def answered(case, asha):
    """Answer the case as Asha; the entry of the answer."""

    def answer(words="Switch it on."):
        recorded = answer_ticket(case, Written(words), at=timezone.now(), by=asha)
        letters.carry_answer(recorded.entries[0].pk)
        return recorded.entries[0]

    return answer


def mail_of(entry, **changed):
    OutboundMail.objects.filter(entry=entry).update(**changed)
    return OutboundMail.objects.get(entry=entry)


def told(console, at_ticket, entry):
    """What the page says below an entry, as it is read."""
    page = (
        console.get(at_ticket())
        .content.decode()
        .partition(f'id="e{entry.seq}"')[2]
        .partition('id="e')[0]
    )
    fate = page.partition('<details class="fate')[2].partition("</details>")[0].partition(">")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", fate).split())


def run_react(entry):
    """Let the job of an act queue the one that writes the letter, as where a second job follows
    from it.
    """
    ProcrastinateJob.objects.filter(task_name="react").delete()
    app.configure_task("carry_answer", queue="reactions").defer(entry_id=entry.pk)


def states(entry):
    return [one.state for one in deliveries_on(entry.ticket_id, [entry.seq])[entry.seq]]


def test_what_left_says_no_more_than_sent(console, answered, at_ticket, sink):
    entry = answered()
    assert told(console, at_ticket, entry).startswith("waiting")
    deliver(mail_of(entry).pk)
    said = told(console, at_ticket, entry)
    assert said.startswith("sent chitra@sparkrock-customer.example sent")


def test_what_the_server_puts_off_says_why_and_when_it_tries_again(
    console, answered, at_ticket, sink
):
    entry = answered()
    sink.reply["rcpt"] = "450 4.2.0 Greylisted, come again"
    with pytest.raises(TryAgain) as later:
        deliver(mail_of(entry).pk)
    said = told(console, at_ticket, entry)
    assert "450 4.2.0 Greylisted, come again" in said
    assert "Next try:" in said
    assert later.value.at == mail_of(entry).next_try_at


def test_what_the_server_refuses_is_said_in_its_words(console, answered, at_ticket, sink):
    entry = answered()
    sink.reply["rcpt"] = "550 5.1.1 No such person here"
    deliver(mail_of(entry).pk)
    said = told(console, at_ticket, entry)
    assert said.startswith("came back")
    assert "550 5.1.1 No such person here" in said


def test_of_a_held_mail_a_lead_decides_where_it_is_told(console, as_bala, case, at_ticket, sink):
    letters.acknowledge(LogEntry.objects.get(ticket=case, kind="Opened").pk)
    entry = LogEntry.objects.get(ticket=case, kind="Acknowledged")
    mail = mail_of(entry, state="held", reason="It may be a loop.")
    page = console.get(at_ticket()).content.decode()
    assert "Receipt acknowledged automatically" not in page
    assert "Automatic acknowledgement of receipt" in page
    assert told(console, at_ticket, entry).startswith("held back")
    assert "Send it after all" not in page  # for leads
    released = as_bala.post(
        "/console/left-over/trying",
        {"row": f"mail-out {mail.pk}", "ticket": str(case)},
        follow=True,
    )
    assert released.redirect_chain[-1][0] == at_ticket()
    deliver(mail.pk)
    assert "Receipt acknowledged automatically" in console.get(at_ticket()).content.decode()


def test_an_acknowledgement_is_said_to_be_made_when_it_has_left_and_not_while_it_is_queued(
    console, case, at_ticket, sink
):
    acknowledge_ticket(case, "email", at=timezone.now())
    entry = LogEntry.objects.get(ticket=case, kind="Acknowledged")
    for queued in (lambda: None, lambda: letters.tell_number(entry.pk)):
        queued()
        page = console.get(at_ticket()).content.decode()
        assert "Receipt acknowledged automatically" not in page
        assert "Automatic acknowledgement of receipt" in page
    deliver(mail_of(entry).pk)
    assert "Receipt acknowledged automatically" in console.get(at_ticket()).content.decode()


@pytest.mark.django_db
def test_an_acknowledgement_shown_in_a_chat_was_made_at_once():
    spark = make_desk("spark")
    chitra, desk = make_contact(spark), desk_in_force(spark)
    case = open_ticket(
        chitra, NewCase("Empty", Written("Help"), "chat"), at=timezone.now(), by=chitra
    ).ticket
    acknowledge_ticket(case, desk.channel_of("chat").key, at=timezone.now())
    [said] = [item.text for item in timeline(case, desk) if "eceipt" in item.text]
    assert said == "Receipt acknowledged automatically"


def test_who_has_no_way_to_be_told_is_named(console, case, chitra, answered, at_ticket):
    ContactIdentity.objects.filter(contact=chitra).delete()
    entry = answered()
    assert told(console, at_ticket, entry).startswith("no way to reach them Chitra")


def test_an_acknowledgement_that_nothing_carries_is_named_as_one_beside_the_words_it_is_of(
    console, desk, chitra, open_case
):
    ContactIdentity.objects.filter(contact=chitra).delete()
    case = open_case()
    letters.acknowledge(case.log.get(kind="Opened").pk)
    page = console.get(f"/console/tickets/{case}").content.decode()
    assert "not acknowledged: no way to reach them" in page


def test_of_three_followers_the_middle_one_fails_and_the_others_are_told_once(
    console, case, desk, answered, at_ticket
):
    for name in ("Dev", "Esha", "Farid"):
        follower = make_contact(desk, name)
        add_participant(case, follower, at=timezone.now(), by=SYSTEM)
    # Once, a broken Cc made such.
    ContactIdentity.objects.filter(contact__name="Esha").update(identifier="@x")
    entry = answered()
    letters.carry_answer(entry.pk)
    reached = OutboundMail.objects.filter(entry=entry).values_list("recipient", flat=True)
    assert sorted(reached) == [
        f"{name}@sparkrock-customer.example" for name in ("chitra", "dev", "farid")
    ]
    assert Untold.objects.get(entry=entry).contact.name == "Esha"
    assert "1 given up" in told(console, at_ticket, entry)
    assert LogEntry.objects.filter(ticket=case, kind="DeliveryFailed").count() == 1


def test_every_state_a_mail_may_have_is_one_of_the_words(answered):
    entry = answered()
    for state in State:
        mail_of(entry, state=state)
        assert states(entry) == [State.WAITING if state == State.IN_HAND else state]


def text_on(entry, state, **more):
    return TextMessage.objects.create(
        desk=entry.ticket.desk,
        key=f"{entry.pk} {entry.ticket.requester_id} answer {state}",
        number="+919437012345",
        text="Hello",
        purpose="answer",
        ticket=entry.ticket,
        entry=entry,
        state=state,
        queued_at=timezone.now(),
        **more,
    )


def test_every_state_a_text_may_have_is_one_of_the_words(case):
    entry = LogEntry.objects.get(ticket=case, seq=1)
    for state in State:
        text_on(entry, state)
    found = [one.state for one in deliveries_on(case.pk, [1])[1]]
    assert found == [State.WAITING if state == State.IN_HAND else state for state in State]


def whatsapp_on(entry, *parts, at=None):
    before = WhatsAppOutgoing.objects.filter(entry=entry).count()
    for part, state in enumerate(parts, start=before):
        WhatsAppOutgoing.objects.create(
            entry=entry,
            ticket=entry.ticket,
            contact=entry.ticket.requester,
            purpose="answer",
            part=part,
            form="text",
            state=State.WAITING if state == "for them" else state,
            queued_at=at or entry.at,
            read_at=entry.at,
            delivered_at=entry.at,
            next_try_at=None if state == "for them" else entry.at,
        )


@pytest.mark.parametrize(
    ("parts", "meant"),
    [
        (["queued"], State.WAITING),
        (["sending"], State.WAITING),
        (["for them"], State.WAITING),
        (["sent"], State.HANDED_OVER),
        (["delivered"], State.DELIVERED),
        (["read"], State.READ),
        (["failed"], State.GIVEN_UP),
        (["bounced"], State.BOUNCED),
        (["dropped"], State.DROPPED),
        (["read", "sent"], State.HANDED_OVER),
        (["read", "failed"], State.GIVEN_UP),
        (["delivered", "for them"], State.DELIVERED),
        (["read", "dropped"], State.DROPPED),
    ],
)
def test_a_text_in_parts_is_as_far_as_its_last_part(case, parts, meant):
    entry = LogEntry.objects.get(ticket=case, seq=1)
    whatsapp_on(entry, *parts)
    assert states(entry) == [meant]


@pytest.mark.parametrize("state", sorted({*State, "for them"} - {State.NO_WAY}))
def test_a_part_in_whatever_state_stands_beside_another_of_the_same_text(case, state):
    entry = LogEntry.objects.get(ticket=case, seq=1)
    whatsapp_on(entry, "delivered", state)
    assert len(states(entry)) == 1


def test_what_was_refused_in_free_words_and_went_as_a_registered_wording_arrived(case):
    entry = LogEntry.objects.get(ticket=case, seq=1)
    whatsapp_on(entry, "failed", "bounced")
    whatsapp_on(entry, "delivered", at=entry.at + timedelta(minutes=1))
    assert states(entry) == [State.DELIVERED]


def test_who_was_reached_another_way_was_reached(console, case, answered, at_ticket, sink):
    entry = answered()
    whatsapp_on(entry, "failed", at=entry.at - timedelta(seconds=1))
    deliver(mail_of(entry).pk)
    assert told(console, at_ticket, entry).startswith("sent Chitra given up")


def test_a_notice_to_the_desk_is_spoken_of_only_when_it_does_not_arrive(
    console, case, asha, at_ticket
):
    entry = LogEntry.objects.get(ticket=case, kind="Opened")
    tell(entry, asha.user.email, asha)
    assert told(console, at_ticket, entry) == ""
    mail_of(entry, state="bounced", hard=True, reason="The mail server said: 550 5.1.1 Unknown")
    assert told(console, at_ticket, entry).startswith("came back asha@sparkrock.example")


def test_the_deliveries_of_a_long_story_are_one_question(case, answered):
    for n in range(5):
        answered(f"answer {n}")
    with CaptureQueriesContext(connection) as asked:
        assert len(deliveries_on(case.pk, range(100))) == 5
    assert len(asked) == 1


@pytest.mark.parametrize(
    "then", [lambda _entry: None, run_react], ids=["at once", "once its job is queued"]
)
def test_of_an_answer_it_is_said_from_the_first_moment_that_it_waits_to_leave(
    console, case, asha, at_ticket, then
):
    entry = answer_ticket(case, Written("Switch it on."), at=timezone.now(), by=asha).entries[0]
    then(entry)
    assert told(console, at_ticket, entry) == "waiting"
    letters.carry_answer(entry.pk)
    assert told(console, at_ticket, entry).startswith(
        "waiting chitra@sparkrock-customer.example waiting"
    )


def test_of_what_was_said_on_the_phone_nothing_waits(console, case, desk, asha, at_ticket):
    said = Written("Switch it on.")
    phone = desk_in_force(desk).channel_of("phone")
    entry = answer_ticket(
        case, said, channel=phone.key if phone else "phone", at=timezone.now(), by=asha
    ).entries[0]
    assert told(console, at_ticket, entry) == ""


@pytest.mark.parametrize("job", ["carry_answer", "react"])
def test_an_answer_whose_letter_was_given_up_says_so_until_it_is_tried_again(
    console, case, asha, at_ticket, job
):
    entry = answer_ticket(case, Written("Switch it on."), at=timezone.now(), by=asha).entries[0]
    if job == "carry_answer":
        run_react(entry)
    ProcrastinateJob.objects.filter(task_name=job).update(status="failed")
    said = told(console, at_ticket, entry)
    assert said.startswith("given up Whoever it is for given up")
    assert "The program failed each time it tried to write it" in said
    for row in ProcrastinateJob.objects.filter(task_name=job):
        JobFailure.objects.create(job=row.pk, words="KeyError: stage", at=timezone.now())
    assert "each time it tried to write it: KeyError: stage. Owners" in told(
        console, at_ticket, entry
    )
    ProcrastinateJob.objects.filter(task_name=job).update(status="todo")
    assert "The program failed when it tried to write it, and tries again: KeyError" in told(
        console, at_ticket, entry
    )
    JobFailure.objects.all().delete()
    assert told(console, at_ticket, entry) == "waiting"


@pytest.mark.parametrize(
    ("kind", "job"), [("Opened", "acknowledge"), ("Opened", "react"), ("TeamArrived", "alert_team")]
)
def test_what_the_desk_writes_by_itself_says_so_too_when_it_was_given_up(
    console, case, at_ticket, kind, job
):
    entry = case.log.get(kind=kind)
    ProcrastinateJob.objects.filter(task_name="react").delete()
    about = (
        {"ticket_id": case.pk, "first_seq": 1, "last_seq": 1}
        if job == "react"
        else {"entry_id": entry.pk}
    )
    app.configure_task(job, queue="reactions").defer(**about)
    assert told(console, at_ticket, entry) == ""
    ProcrastinateJob.objects.filter(task_name=job).update(status="failed")
    assert told(console, at_ticket, entry).startswith("given up")


def test_a_mail_that_ends_every_process_it_is_sent_in_is_given_up_on_its_ticket(
    console, case, answered, at_ticket
):
    entry = answered()
    give_up(mail_of(entry).pk)
    assert "Sending it stopped the worker three times." in told(console, at_ticket, entry)
    assert case.log.filter(kind="DeliveryFailed").count() == 1
    give_up(mail_of(entry, state="sent").pk)
    assert mail_of(entry).state == "sent"


def test_what_a_lead_discards_is_said_on_the_case_with_who_did_it_and_not_as_given_up(
    console, case, asha, answered, at_ticket
):
    bala = make_agent(case.desk, "Bala", role="lead")
    drop(
        mail_of(answered(), state="held", reason="The address bounced."), at=timezone.now(), by=bala
    )
    page = console.get(at_ticket()).content.decode()
    assert "Bala discarded a message before it left" in page
    assert "it was given up" not in page
    failed = case.log.get(kind="DeliveryFailed")
    assign_ticket(case, bala, at=timezone.now(), by=asha)
    alert_owner(failed.pk, at=MONDAY)
    assert not OutboundMail.objects.filter(entry=failed).exists()  # Bala knows
    assign_ticket(case, asha, at=timezone.now(), by=bala)
    alert_owner(failed.pk, at=MONDAY)
    assert mail_of(failed).recipient == asha.user.email


def told_the_owner(case, asha, kind):
    assign_ticket(case, asha, at=timezone.now(), by=make_agent(case.desk, "Bala"))
    failure = case.log.get(kind=kind)
    alert_owner(failure.pk, at=MONDAY)
    return parse(bytes(mail_of(failure, state="queued").raw)).text


def test_the_notice_of_what_did_not_arrive_quotes_it_says_why_and_invites_no_answer_that_cannot_arrive(
    case, asha, answered
):
    fail(
        mail_of(answered()), "The mail server said: 550 5.1.1 Unknown", hard=True, at=timezone.now()
    )
    said = told_the_owner(case, asha, "DeliveryFailed")
    assert "> Switch it on." in said
    assert "chitra@sparkrock-customer.example: The mail server said: 550 5.1.1 Unknown" in said
    assert "Answer this mail" not in said
    assert "above this line" not in said


def test_the_notice_of_a_letter_that_did_not_arrive_says_which_address_refused_it(
    case, asha, answered
):
    letters.acknowledge(case.log.get(kind="Opened").pk)
    letters.tell_number(case.log.get(kind="Acknowledged").pk)
    [mail] = OutboundMail.objects.filter(ticket=case, purpose="acknowledgement")
    fail(mail, "The mail server said: 550 5.1.1 Unknown", hard=True, at=timezone.now())
    assert f"{mail.recipient}: The mail server said: 550" in told_the_owner(
        case, asha, "DeliveryFailed"
    )


def test_the_notice_that_a_requester_cannot_be_reached_says_whom_and_invites_no_answer(case, asha):
    ContactIdentity.objects.filter(contact=case.requester).delete()
    letters.acknowledge(case.log.get(kind="Opened").pk)
    act(
        case.pk, lambda _desk, _state: (CannotBeReached("no way", 1),), at=timezone.now(), by=SYSTEM
    )
    said = told_the_owner(case, asha, "CannotBeReached")
    assert "the requester cannot be reached" in said
    assert "Chitra" in said
    assert "Answer this mail" not in said


def test_the_jobs_of_a_case_are_found_without_reading_the_whole_queue(case):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, args) select 'mail',"
            " case when n % 2 = 0 then 'react' else 'carry_answer' end, 'failed',"
            " jsonb_build_object(case when n % 2 = 0 then 'ticket_id' else 'entry_id' end, n + 10^6,"
            " 'first_seq', 1, 'last_seq', 2) from generate_series(1, 5000) n"
        )
        cursor.execute("analyze procrastinate_jobs")
    with CaptureQueriesContext(connection) as asked:
        deliveries_on(case.pk, [1, 2, 3])
    with connection.cursor() as cursor:
        cursor.execute(f"explain {asked[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "deskbook_jobs_of_entry" in plan and "deskbook_jobs_of_ticket" in plan
    assert "Seq Scan on procrastinate_jobs" not in plan
