"""An answer of several messages of which one fails: what failed goes another way, or it is said."""

import pytest

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.sms.models import TextMessage
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.demo.stand_ins import cloud_api
from deskbook.jobs.deliveries import deliveries_on
from deskbook.people.books import apply_book
from deskbook.people.models import ContactIdentity
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.web.console.shared.deliveries import fate_of
from tests.campaign import campaign_text
from tests.channels.sms.texting_desk import connect
from tests.channels.whatsapp.conftest import HOUR, do_jobs, sent

PDF = ("passos.pdf", "application/pdf", b"%PDF-1.4")
UNSUPPORTED = [{"code": 131053, "title": "Media upload error"}]


@pytest.fixture
def texts(desk, now):
    """Let the desk text its answers as well."""
    wording = '  - { for: answer, by: sms, language: pt, text: "{ticket}: {text}" }'
    line = "  - { for: answer, by: whatsapp, language: pt"
    apply_book("salama", campaign_text(now).replace(line, f"{wording}\n{line}"), at=now, by=None)
    connect(desk, "other", "http://127.0.0.1:1")


def not_delivered():
    return LogEntry.objects.filter(kind="DeliveryFailed").count()


def mailed_to(contact, desk):
    ContactIdentity.objects.create(
        contact=contact, desk=desk, channel="email", identifier="t@campo.example"
    )


@pytest.mark.parametrize("files", [[PDF], []], ids=["with a file", "that is long"])
def test_an_answer_whose_wording_is_refused_is_not_told_and_nothing_of_it_follows_alone(
    says, answers, service, now, files
):
    says(at=now - 25 * HOUR)
    service.refuses = [cloud_api.Refusal(132001, "Template name does not exist")]
    answers("palavra " * 100, files)
    assert not_delivered() == 1
    says("Então?")
    assert [row.state for row in WhatsAppOutgoing.objects.filter(purpose="answer")] == [
        "failed",
        "failed",
        *["failed"] * len(files),
    ]


def test_a_wording_that_comes_back_goes_by_text_whatever_waits(says, answers, told, texts, now):
    says(at=now - 25 * HOUR)
    answers("Tente de novo", [PDF], forgiving=True)
    told(sent("template").get().wamid, "failed", errors=[{"code": 131026, "title": "No"}])
    text = TextMessage.objects.get(purpose="answer")
    assert "Tente de novo" in text.text
    assert not_delivered() == 0


def test_words_that_come_back_while_their_file_arrived_go_another_way(says, answers, told, desk):
    says()
    answers("Tente de novo", [PDF])
    mailed_to(Ticket.objects.get().requester, desk)
    told(sent("file").get().wamid, "delivered")
    told(sent().get().wamid, "failed", errors=[{"code": 131000, "title": "Something"}])
    mail = OutboundMail.objects.get(purpose="answer")
    assert b"Tente de novo" in bytes(mail.raw)


@pytest.mark.parametrize("mail", [True, False])
def test_a_file_that_comes_back_goes_by_mail_or_is_not_told(says, answers, told, desk, texts, mail):
    says()
    answers("Tente de novo", [PDF])
    if mail:
        mailed_to(Ticket.objects.get().requester, desk)
    told(sent("file").get().wamid, "failed", errors=UNSUPPORTED)
    assert OutboundMail.objects.filter(purpose="answer").count() == mail
    assert not_delivered() == (not mail)
    assert not TextMessage.objects.filter(purpose="answer").exists()  # a text takes no files


def test_the_first_half_of_a_long_answer_that_comes_back_is_said(says, answers, told):
    says()
    answers("palavra " * 700)
    assert sent().count() == 2
    told(sent().first().wamid, "failed", errors=[{"code": 131000, "title": "Something"}])
    assert not_delivered() == 1


def test_a_file_that_is_refused_holds_up_no_other(says, answers, service):
    says()
    refusal = cloud_api.Refusal(131053, "Media upload error")
    service.refuses = []
    answers("Tente de novo")
    take, fails = service.take, [refusal]

    def refusing_the_first_file(payload):
        if payload["type"] == "document" and fails:
            raise fails.pop()
        return take(payload)

    service.take = refusing_the_first_file
    answers("Os dois", [PDF, ("mais.pdf", "application/pdf", b"%PDF-1.5")])
    assert [row.state for row in sent("file")] == ["failed", "sent"]
    assert not_delivered() == 1


def test_all_parts_of_which_the_window_was_closed_for_go_once_as_the_wording(
    says, answers, told, service
):
    says()
    answers("Tente de novo", [PDF])
    for form in ("text", "file"):
        told(sent(form).first().wamid, "failed", errors=[{"code": 131047, "title": "Closed"}])
    do_jobs()
    assert sent("template").count() == 1
    assert not_delivered() == 0


def fate():
    row = WhatsAppOutgoing.objects.filter(purpose="answer").select_related("entry").last()
    told = fate_of(deliveries_on(row.ticket_id, [row.entry.seq])[row.entry.seq])
    return told.quiet, [words for words, _tone in told.wrong]


def test_what_waits_for_them_to_write_is_said_until_it_left_or_never_will(
    says, answers, service, now
):
    says(at=now - 25 * HOUR)
    answers("palavra " * 100, [PDF])
    waits = ["the rest waits until they write", "the files wait until they write"]
    assert fate() == ("sent", waits)
    answer = WhatsAppOutgoing.objects.filter(purpose="answer")
    answer.update(queued_at=now - 15 * 24 * HOUR)
    assert fate() == ("sent", ["cut: the rest does not go", "without the files"])
    answer.update(queued_at=now)
    says("Sim")
    assert fate() == ("sent", [])


def test_what_a_wording_has_no_room_for_is_mailed_to_who_has_an_address(
    says, answers, service, desk, now
):
    says(at=now - 25 * HOUR)
    mailed_to(Ticket.objects.get().requester, desk)
    answers("Curto")
    assert sent("template").count() == 1
    answers("Curto, com ficheiro", [PDF])
    answers("palavra " * 100)
    assert sent("template").count() == 1
    assert OutboundMail.objects.filter(purpose="answer").count() == 2


def test_who_texted_last_gets_a_file_by_the_window_that_is_open(says, answers, texts, service, now):
    says()
    ticket = Ticket.objects.get()
    store_message(
        ticket.desk,
        ticket,
        Message.Kind.REQUEST,
        Written("Então?", sender="+258841234567"),
        channel="sms",
        at=now,
        by=ticket.requester,
    )
    answers("Com ficheiro", [PDF])
    assert sent("file").count() == 1
    assert not TextMessage.objects.filter(purpose="answer").exists()


def test_words_that_their_wording_does_not_say_follow_it(says, answers, service, desk, now):
    book = campaign_text(now).replace("tem uma resposta: {text}", "tem uma resposta. Escreva-nos.")
    apply_book("salama", book, at=now, by=None)
    says(at=now - 25 * HOUR)
    answers("Tente de novo")
    says("Sim?")
    assert "Tente de novo" in service.texts()[-1]
