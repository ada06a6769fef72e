"""Somebody writes on a ticket they take no part in: only the desk sees it, until an agent lets them
in.
"""

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs.alerts import alert_owner
from deskbook.jobs.letters import carry_answer
from deskbook.people.contacts import address_of, give_sign_in
from deskbook.refusals.kept import kept
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.conversation import answer_ticket, note_on_ticket, take_in_outsider_message
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Attachment, Message, Participant
from deskbook.tickets.participants import add_participant
from deskbook.tickets.state import state_of
from tests.people_factory import MONDAY, make_agent, make_contact


@pytest.fixture
def farah(desk):
    return make_contact(desk, "Farah")


@pytest.fixture
def hint(case, farah):
    written = Written("I saw who did it.", files=[File("proof.txt", "text/plain", b"him")])
    take_in_outsider_message(case, written, channel="email", at=timezone.now(), by=farah)
    return Message.objects.get(author_contact=farah)


def signed_in(contact):
    client = Client()
    client.force_login(give_sign_in(contact), "django.contrib.auth.backends.ModelBackend")
    return client


def test_the_timeline_says_that_they_take_no_part_and_offers_to_let_them_in(
    console, at_ticket, hint
):
    page = console.get(at_ticket()).content.decode()
    assert "I saw who did it." in page
    assert "Farah is not part of this ticket" in page
    assert "Let them in" in page


def test_whoever_is_to_be_let_in_is_shown_with_their_address_and_the_requester_without(
    console, at_ticket, chitra, farah, hint
):
    story = (
        console.get(at_ticket())
        .content.decode()
        .split('id="timeline"')[1]
        .split('id="composer"')[0]
    )
    assert f'<b>Farah</b><span class="muted">{address_of(farah)}' in story
    assert address_of(chitra) not in story


def test_the_requester_reads_neither_their_words_nor_their_files(case, chitra, hint):
    client = signed_in(chitra)
    assert (
        "I saw who did it."
        not in client.get(f"/desk/{case.desk.key}/cases/{case}/").content.decode()
    )
    proof = Attachment.objects.get(message=hint)
    assert client.get(f"/files/{proof.pk}/proof.txt").status_code == 404


def test_let_in_they_are_participants_and_their_words_count(console, at_ticket, case, farah, hint):
    answer = console.post(at_ticket("participants"), {"contact": farah.pk, "client_key": "k"})
    assert answer.status_code == 302
    page = console.get(at_ticket()).content.decode()
    assert page.count("I saw who did it.") == 1
    assert "Let them in" not in page
    assert case.participants.filter(contact=farah).exists()
    assert (
        list(case.log.order_by("-seq").values_list("kind", flat=True)[:3])[-1] == "ParticipantAdded"
    )


def told(case, asha):
    assign_ticket(case, asha, at=timezone.now(), by=make_agent(case.desk, "Bala"))
    alert_owner(case.log.get(kind="OutsiderWrote").pk, at=MONDAY)
    return parse(bytes(OutboundMail.objects.get(recipient=asha.user.email).raw))


def test_the_owner_is_told_who_wrote_and_what(case, asha, farah, hint):
    Message.objects.filter(pk=hint.pk).update(sender="farah@elsewhere.example")
    notice = told(case, asha)
    assert f"farah@elsewhere.example, who takes no part in it, wrote on {case}" in notice.subject
    assert "> I saw who did it." in notice.text


def test_the_notice_of_a_mail_that_may_be_forged_says_so(case, asha, hint):
    Message.objects.filter(pk=hint.pk).update(sender="chitra@x.example", unproven="dmarc=fail")
    assert "in the name of chitra@x.example, which is not proven" in told(case, asha).subject


def test_the_list_marks_the_case_until_the_desk_has_done_something_about_it(
    console, case, asha, hint
):
    mark = "Somebody wrote who takes no part"
    assert f'title="{mark}"' in console.get("/console/?queue=open").content.decode()
    note_on_ticket(case, Written("None of our business."), at=timezone.now(), by=asha)
    assert f'title="{mark}"' not in console.get("/console/?queue=open").content.decode()


def test_what_a_machine_writes_from_outside_is_told_to_nobody_and_marks_nothing(case, farah):
    away = Written("Away.", automatic="Its subject says it is a note of absence.")
    take_in_outsider_message(case, away, channel="email", at=timezone.now(), by=farah)
    case.refresh_from_db()
    assert case.log.latest("seq").kind == "Noted"
    assert state_of(case).outsider_wrote_at is None


def test_letting_in_twice_is_once(console, at_ticket, case, farah, hint):
    for key in ("k", "k", "another"):
        console.post(at_ticket("participants"), {"contact": farah.pk, "client_key": key})
    assert case.log.filter(kind="CustomerWrote").count() == 1


@pytest.mark.parametrize("contact", ["", "x", "999999999", "9" * 40])
def test_nobody_is_let_in_who_did_not_write(console, at_ticket, case, contact):
    before = case.participants.count()
    assert console.post(at_ticket("participants"), {"contact": contact}).status_code == 302
    assert case.participants.count() == before


def test_everybody_an_answer_goes_to_is_named_with_their_address_before_it_is_sent(
    console, case, asha, at_ticket, desk
):
    add_participant(case, make_contact(desk, "Chitra at home"), at=timezone.now(), by=asha)
    # A follower from before followers were in the log.
    Participant.objects.create(ticket=case, contact=make_contact(desk, "Farah"))
    answer_ticket(case, Written("Done."), at=timezone.now(), by=asha)
    carry_answer(case.log.get(kind="Answered").pk)
    to = set(
        OutboundMail.objects.filter(ticket=case, purpose="answer").values_list(
            "recipient", flat=True
        )
    )
    page = console.get(at_ticket()).content.decode()
    composer, side = page.split('class="to"')[1].split("</span>")[0], page.split('id="side"')[1]
    assert len(to) == 3
    for address in to:
        assert f"&lt;{address}&gt;" in composer
    assert side.count('name="remove"') == 2


@pytest.mark.parametrize(
    ("form", "given"), [("requester", {"requester": ""}), ("followers", {"follower": ""})]
)
def test_whoever_is_made_the_requester_or_a_follower_reads_what_they_wrote_before(
    console, at_ticket, case, farah, form, given
):
    take_in_outsider_message(
        case, Written("It is mine.", outsider=True), channel="email", at=MONDAY, by=farah
    )
    unproven = Written("So it says.", outsider=True, unproven="dmarc=fail")
    take_in_outsider_message(case, unproven, channel="email", at=MONDAY, by=farah)
    field = next(iter(given))
    for _twice in range(2):
        console.post(at_ticket(form), {field: address_of(farah), "client_key": "k"})
    assert list(
        Message.objects.filter(author_contact=farah).order_by("pk").values_list("text", "outsider")
    ) == [
        ("It is mine.", False),
        ("So it says.", True),
    ]
    page = console.get(at_ticket()).content.decode()
    assert (page.count("Let them in"), page.count(">Accept it<")) == (0, 1)
    assert case.log.filter(kind="CustomerWrote").count() == 1


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        ("dmarc=fail", "dmarc=fail"),
        (
            kept("unproven.claimed", header="Reply-To", sender="noreply@form.example"),
            "noreply@form.example sent it",
        ),
    ],
)
def test_before_a_case_opened_by_an_unproven_mail_is_answered_the_desk_is_told_and_accepts_it_by_a_click(
    console, at_ticket, case, finding, words
):
    Message.objects.filter(ticket=case).update(unproven=finding)
    message = Message.objects.get(ticket=case)
    page = console.get(at_ticket()).content.decode()
    assert "of whom it is not proven that they wrote" in page
    assert "Accept: it is really from" in page
    for key in ("one", "two"):
        console.post(at_ticket("sender"), {"message": message.pk, "client_key": key})
    page = console.get(at_ticket()).content.decode()
    assert "not proven that they wrote" not in page
    assert "Accept: it is really from" not in page
    told = page.partition("accepted the sender, who was not proven (")[2]
    assert words in told[:200]
    assert "accepted the sender" not in told
    assert "deskbook&" not in told[:200]
    assert case.participants.count() == 1


@pytest.mark.parametrize("message", ["", "x", "9" * 30, "0"])
def test_what_is_no_message_of_the_ticket_accepts_nobody(
    console, at_ticket, case, open_case, message
):
    elsewhere = Message.objects.get(ticket=open_case("Another"))
    Message.objects.filter(pk=elsewhere.pk).update(unproven="dmarc=fail")
    for given in (message, elsewhere.pk):
        assert console.post(at_ticket("sender"), {"message": given}).status_code == 302
    elsewhere.refresh_from_db()
    assert elsewhere.unproven
