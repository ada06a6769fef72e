from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.set_aside import retry
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.storing import MAX_SIZE, ingest
from deskbook.channels.email.understanding import receive
from deskbook.jobs import letters
from deskbook.jobs.alerts import alert_owner
from deskbook.jobs.concerns import notify
from deskbook.jobs.reactions import FOLLOWS
from deskbook.people.books import apply_book
from deskbook.people.contacts import contact_by, find_or_make_contact
from deskbook.people.models import Agent, Contact, Organisation, User
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.untold_models import Untold
from tests.channels.email.conftest import BOOK, MONDAY
from tests.channels.email.post import FIXTURES
from tests.people_factory import make_agent

NOW = datetime.now(UTC)


def raw(body="It does not print.", **headers):
    usual = {
        "From": "Chitra <chitra@customer.example>",
        "To": "it@harbour.example",
        "Subject": "Printer",
        "Date": "Mon, 2 Mar 2026 10:15:42 +0530",
        "Message-ID": "<m1@customer.example>",
    }
    merged = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return "".join(f"{n}: {v}\r\n" for n, v in merged.items()).encode() + f"\r\n{body}".encode()


def take(content, **how):
    return receive(ingest(content, **how), at=NOW)


def test_a_mail_becomes_a_ticket_of_its_sender(desk):
    row = take(raw())
    assert (row.state, row.reason, row.may_acknowledge) == ("done", "", True)
    assert (row.ticket.subject, row.ticket.channel) == ("Printer", "email")
    assert row.ticket.requester == contact_by(desk, "email", "chitra@customer.example")
    assert row.ticket.opened_at == row.received_at
    assert row.message.text == "It does not print."


def test_the_mail_is_kept_and_its_job_queued_before_it_is_understood(desk):
    row = InboundMail.objects.get(pk=ingest(raw()))
    assert (row.state, bytes(row.raw.data)) == ("new", raw())
    job = ProcrastinateJob.objects.get(task_name="receive_mail")
    assert job.args == {"inbound_id": row.pk}


def test_the_same_mail_twice_is_one_row_one_job_and_one_ticket(desk):
    first = ingest(raw())
    assert ingest(b"Received: from elsewhere by here\r\n" + raw()) == first
    receive(first, at=NOW)
    receive(first, at=NOW)
    assert Ticket.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="receive_mail").count() == 1


def test_another_mail_under_the_same_message_id_is_not_lost(desk):
    assert ingest(raw()) != ingest(raw("Other words."))


@pytest.mark.parametrize("first", [0, 1])
def test_a_copy_by_a_list_and_one_sent_directly_are_one_ticket_whichever_comes_first(desk, first):
    copies = [
        raw(),
        raw("It does not print.\r\n-- \r\nstaff mailing list", Subject="[staff] Printer"),
    ]
    ticket = take(copies[first]).ticket
    other = take(copies[1 - first])
    assert (other.state, other.ticket) == ("ignored", ticket)
    assert "another copy" in in_words(other.reason)
    assert take(raw("Other words.")).state == "done"
    assert take(raw(From="Bala <bala@customer.example>", X_Copy="1", Date="")).ticket != ticket


def test_an_answer_to_the_ticket_s_address_lands_on_it_without_its_quote(desk):
    ticket = take(raw()).ticket
    address = signer_for(desk).reply_address(str(ticket.pk))
    answer = (
        "It is on.\r\n\r\nOn Mon, 2 Mar 2026 at 09:58, IT <it@harbour.example> wrote:\r\n> Is it"
        " on?\r\n"
    )
    row = take(raw(answer, To=address, Message_ID="<m2@customer.example>"))
    assert row.ticket == ticket
    assert (row.message.text, row.message.outsider) == ("It is on.", False)
    assert "> Is it on?" in row.message.quoted
    assert "own address" in row.message.match_reason


def test_the_envelope_alone_can_name_the_ticket(desk):
    ticket = take(raw()).ticket
    address = signer_for(desk).reply_address(str(ticket.pk))
    row = take(raw(Message_ID="<m2@customer.example>"), envelope_to=[address])
    assert row.ticket == ticket


def test_a_mail_to_two_cases_stands_on_both_and_each_names_the_other(desk):
    first, second = (take(raw(Message_ID=f"<m{n}@customer.example>")).ticket for n in (1, 2))
    to = [signer_for(desk).reply_address(str(ticket.pk)) for ticket in (second, first)]
    for _ in range(2):
        row = take(
            raw("Both.", To=", ".join(to), Message_ID="<m3@customer.example>"), envelope_to=to
        )
    said = {message.ticket: message for message in Message.objects.filter(text="Both.")}
    assert (row.state, row.ticket, set(said)) == ("done", second, {first, second})
    assert [in_words(why) for why in said[second].mended] == [f"It was sent to {first} as well."]
    assert [in_words(why) for why in said[first].mended] == [f"It was sent to {second} as well."]
    assert [ticket.log.filter(kind="CustomerWrote").count() for ticket in (first, second)] == [1, 1]


@pytest.mark.parametrize("why", ["closed", "another's", "one by a merge"])
def test_a_mail_to_two_cases_stands_on_one_where_the_other_is_not_for_it(desk, why):
    asha = Agent.objects.create(user=User.objects.create_user("asha@harbour.example"), desk=desk)
    first = take(raw()).ticket
    sender = (
        "Dev <dev@elsewhere.example>" if why == "another's" else "Chitra <chitra@customer.example>"
    )
    other = take(raw(Message_ID="<m2@x.example>", From=sender)).ticket
    if why == "closed":
        close_ticket(other, at=NOW, by=asha)
    elif why == "one by a merge":
        merge_ticket(other, first, at=NOW, by=asha)
    to = ", ".join(signer_for(desk).reply_address(str(ticket.pk)) for ticket in (first, other))
    row = take(raw("Both.", To=to, Message_ID="<m3@customer.example>"))
    assert [message.ticket for message in Message.objects.filter(text="Both.")] == [first]
    named = [] if why == "one by a merge" else [f"It was sent to {other} as well."]
    assert [in_words(said) for said in row.message.mended] == named
    assert Ticket.objects.count() == 2


def test_an_answer_to_the_sender_s_own_first_mail_lands_on_its_ticket(desk):
    ticket = take(raw()).ticket
    row = take(
        raw(
            "Me too.",
            Message_ID="<m2@x.example>",
            In_Reply_To="<m1@customer.example>",
            From="dev@customer.example",
        )
    )
    assert row.ticket == ticket
    assert row.message.outsider


def test_what_an_outsider_writes_moves_nothing_and_is_told_to_nobody_but_who_owns_or_follows_it(
    desk,
):
    ticket = take(raw()).ticket
    before = state_of(ticket)
    row = take(
        raw(
            "Me too.",
            Message_ID="<m2@x.example>",
            In_Reply_To="<m1@customer.example>",
            From="dev@x.example",
        )
    )
    ticket.refresh_from_db()
    entry = ticket.log.latest("seq")
    assert (entry.kind, entry.actor) == (
        "OutsiderWrote",
        f"contact:{contact_by(desk, 'email', 'dev@x.example').pk}",
    )
    assert (row.message.kind, row.message.outsider) == ("request", True)
    after = replace(state_of(ticket), outsider_wrote_at=None)
    assert replace(after, seq=before.seq, last_at=before.last_at) == before
    assert FOLLOWS["OutsiderWrote"].jobs == (alert_owner, notify)


def test_a_colleague_of_the_requester_is_no_outsider_but_no_subject_token_serves_them(desk):
    organisation = Organisation.objects.create(
        desk=desk, name="Customer", domains=["customer.example"]
    )
    find_or_make_contact(desk, "email", "chitra@customer.example")
    Contact.objects.update(named=True)
    ticket = take(raw()).ticket
    assert ticket.organisation == organisation
    colleague = {"From": "dev@customer.example", "Message_ID": "<m2@x.example>"}
    row = take(raw("Me too.", In_Reply_To="<m1@customer.example>", **colleague))
    assert (row.ticket, row.message.outsider) == (ticket, False)
    by_subject = {**colleague, "Message_ID": "<m3@x.example>", "Subject": f"[{ticket}] Printer"}
    assert take(raw("And I.", **by_subject)).ticket != ticket


def test_where_the_book_names_no_contacts_everybody_of_an_organisation_opens_cases(desk):
    Organisation.objects.create(desk=desk, name="Customer", domains=["customer.example"])
    assert take(raw()).state == "done"


def test_a_case_opened_by_somebody_who_is_no_named_contact_waits_for_a_person(db):
    desk = apply_book(
        "small", BOOK.read_text() + "\nplans: { standard: { contacts: 1-2 } }\n", at=MONDAY, by=None
    )
    organisation = Organisation.objects.create(
        desk=desk, name="Customer", domains=["customer.example"]
    )
    asha = find_or_make_contact(desk, "email", "asha@customer.example", name="Asha")
    Contact.objects.filter(pk=asha.pk).update(named=True)
    row = take(raw())
    assert (row.state, row.ticket) == ("held", None)
    assert (
        "chitra@customer.example belongs to Customer, whose named contacts open cases: Asha."
        in in_words(row.reason)
    )
    find_or_make_contact(desk, "email", "chitra@customer.example")
    Contact.objects.filter(organisation=organisation).update(named=True)
    retry(row)
    assert receive(row.pk, at=NOW).state == "done"


def test_a_mail_to_a_merged_ticket_lands_on_the_one_it_was_merged_into(desk):
    asha = Agent.objects.create(user=User.objects.create_user("asha@harbour.example"), desk=desk)
    first, second = (take(raw(Message_ID=f"<m{n}@customer.example>")).ticket for n in (1, 2))
    address, before = signer_for(desk).reply_address(str(first.pk)), first.log.count()
    merge_ticket(first, second, at=NOW, by=asha)
    assert take(raw("More.", To=address, Message_ID="<m3@x.example>")).ticket == second
    assert (
        take(raw("More.", In_Reply_To="<m1@customer.example>", Message_ID="<m4@x.example>")).ticket
        == second
    )
    assert (
        take(raw("More.", Subject=f"Re: [{first}]", Message_ID="<m5@x.example>")).ticket == second
    )
    assert first.log.count() == before + 1  # the merge itself


def test_whose_case_was_merged_into_anothers_writes_on_that_one_as_themselves(desk):
    asha = Agent.objects.create(user=User.objects.create_user("asha@harbour.example"), desk=desk)
    theirs = take(raw(From="Dev <dev@elsewhere.example>", Message_ID="<m1@x.example>")).ticket
    kept = take(raw(Message_ID="<m2@x.example>")).ticket
    merge_ticket(theirs, kept, at=NOW, by=asha)
    address = signer_for(desk).reply_address(str(theirs.pk))
    more = take(
        raw("More.", From="Dev <dev@elsewhere.example>", To=address, Message_ID="<m3@x.example>")
    )
    assert more.ticket == kept
    said = Message.objects.get(text="More.")
    assert (said.outsider, said.author_contact) == (False, theirs.requester)


def test_a_mail_over_the_limit_is_kept_and_says_so(desk):
    row = take(raw("x" * (MAX_SIZE + 1)))
    assert (row.state, row.raw.size > MAX_SIZE) == ("held", True)
    assert in_words(row.reason).startswith("It has 35 MB; the desk reads mails of up to 35 MB.")


def test_people_copied_in_have_no_user_before_they_ask_for_a_code(desk):
    take(raw(Cc="Dev <dev@elsewhere.example>"))
    assert contact_by(desk, "email", "dev@elsewhere.example").user is None
    assert contact_by(desk, "email", "chitra@customer.example").user is not None


def test_an_answer_to_an_address_signed_with_an_older_key_still_finds_its_ticket(desk, settings):
    ticket = take(raw()).ticket
    address = signer_for(desk).reply_address(str(ticket.pk))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "a new one, as long as it has to be",
    )
    assert signer_for(desk).reply_address(str(ticket.pk)) != address
    assert take(raw("More.", To=address, Message_ID="<m2@x.example>")).ticket == ticket


def test_people_copied_in_may_answer_as_participants(desk):
    ticket = take(raw(Cc="Dev <dev@customer.example>")).ticket
    row = take(
        raw(
            "+1",
            Message_ID="<m2@x.example>",
            In_Reply_To="<m1@customer.example>",
            From="dev@customer.example",
        )
    )
    assert (row.ticket, row.message.outsider) == (ticket, False)


def test_a_subject_token_counts_for_participants_only(desk):
    ticket = take(raw()).ticket
    own = take(raw("More.", Message_ID="<m2@x.example>", Subject=f"Re: [{ticket}] Printer"))
    foreign = take(
        raw(
            "More.",
            Message_ID="<m3@x.example>",
            Subject=f"Re: [{ticket}] Printer",
            From="dev@other.example",
        )
    )
    assert own.ticket == ticket
    assert foreign.ticket != ticket
    assert f"Its subject names {ticket}" in in_words(foreign.reason)


def test_the_same_subject_alone_never_joins_two_mails(desk):
    assert (
        take(raw()).ticket != take(raw(Message_ID="<m2@x.example>", Subject="Re: Printer")).ticket
    )


def test_a_forged_address_opens_a_new_ticket(desk):
    ticket = take(raw()).ticket
    forged = f"it+t.{ticket.pk}.aaaaaaaaaaaaaaaa@harbour.example"
    assert take(raw(To=forged, Message_ID="<m2@x.example>")).ticket != ticket


def test_an_alarm_of_a_machine_opens_a_ticket_that_is_not_acknowledged(desk):
    row = take(raw(From="noreply@monitor.example", Auto_Submitted="auto-generated"))
    assert (row.state, row.may_acknowledge) == ("done", False)


def test_a_form_s_reply_to_opens_a_case_of_its_own_that_nobody_is_written_to_for(desk):
    row = take(
        raw(
            From="Web <noreply@website.example>",
            Reply_To="Chitra <chitra@customer.example>",
            Cc="dev@x.example",
        )
    )
    assert (row.ticket.requester, row.may_acknowledge) == (
        contact_by(desk, "email", "chitra@customer.example"),
        False,
    )
    assert (
        in_words(row.message.unproven) == "its Reply-To names them, noreply@website.example sent it"
    )
    assert contact_by(desk, "email", "dev@x.example") is None


@pytest.mark.parametrize(
    "sender", ["noreply@website.example", "it@harbour.example", "Mallory <mallory@evil.example>"]
)
def test_a_reply_to_never_acts_on_the_case_of_whom_it_names(desk, sender):
    ticket = take(raw()).ticket
    before = state_of(ticket)
    claim = {
        "From": sender,
        "Reply_To": "chitra@customer.example",
        "In_Reply_To": "<m1@customer.example>",
    }
    row = take(raw("Close it and send me the papers.", Message_ID="<m2@x.example>", **claim))
    ticket.refresh_from_db()
    assert (row.ticket, row.message.outsider, row.may_acknowledge) == (
        ticket,
        True,
        sender.startswith("Mallory"),
    )
    after = replace(state_of(ticket), outsider_wrote_at=None)
    assert replace(after, seq=before.seq, last_at=before.last_at) == before
    by_subject = {
        **claim,
        "In_Reply_To": "",
        "Subject": f"[{ticket}] Printer",
        "Message_ID": "<m3@x.example>",
    }
    other = take(raw("More.", **by_subject))
    assert other.ticket != ticket or other.message.outsider


def test_a_mail_is_not_blamed_for_a_database_that_is_away_for_long(desk):
    row = InboundMail.objects.get(pk=ingest(raw()))
    for _attempt in range(5):
        with connection.execute_wrapper(full_disk), pytest.raises(OperationalError):
            receive(row.pk, at=NOW)
    assert receive(row.pk, at=NOW).state == "done"


def full_disk(execute, sql, params, many, context):
    if sql.startswith("INSERT"):
        raise OperationalError("could not extend file: No space left on device")
    return execute(sql, params, many, context)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.eml")), ids=lambda p: p.stem)
def test_every_fixture_ends_as_ticket_or_ignored(desk, path):
    row = take(path.read_bytes(), mailbox="it@harbour.example")
    assert row.state in ("done", "ignored"), row.reason
    if row.state == "done":
        assert Message.objects.filter(ticket=row.ticket).exists()


def test_that_a_mail_by_a_list_is_not_acknowledged_is_said_on_its_case_with_why(desk, client):
    ticket = take(raw(List_Id="<staff.customer.example>")).ticket
    letters.acknowledge(ticket.log.get(kind="Opened").pk)
    client.force_login(make_agent(desk).user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/tickets/{ticket}").content.decode()
    assert "not acknowledged" in page and "It came through a mailing list (List-Id)." in page
    assert not OutboundMail.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-generated"}, "Auto-Submitted says auto-generated"),
        ({"Precedence": "bulk"}, "Precedence says bulk"),
        ({"From": "noreply@monitor.example"}, "noreply@monitor.example"),
    ],
)
def test_that_a_machines_mail_is_not_acknowledged_is_said_on_its_case_with_why(
    desk, client, headers, why
):
    ticket = take(raw(**headers)).ticket
    letters.acknowledge(ticket.log.get(kind="Opened").pk)
    client.force_login(make_agent(desk).user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/tickets/{ticket}").content.decode()
    assert "not acknowledged" in page and why in page
    assert not OutboundMail.objects.filter(ticket=ticket).exists()


def test_of_a_forged_mail_nothing_is_said_of_an_acknowledgement(desk):
    headers = {"From": "noreply@monitor.example", "Reply_To": "chitra@customer.example"}
    row = take(raw(**headers))
    letters.acknowledge(row.ticket.log.get(kind="Opened").pk)
    assert not Untold.objects.exists() and not OutboundMail.objects.exists()
