"""What the desk writes goes out by WhatsApp: in free words within the window, else as a registered
wording.
"""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.whatsapp.deliver import TryAgain, deliver, send_waiting
from deskbook.channels.whatsapp.models import WhatsAppOutgoing, WhatsAppStatus
from deskbook.channels.whatsapp.window import open_until
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import ContactIdentity
from deskbook.tickets import work
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Ticket
from tests.channels.whatsapp.conftest import HOUR, do_jobs, sent
from tests.whatsapp_service import TOMAS


def test_the_number_of_a_new_case_goes_back_the_same_way(says, service):
    says()
    (text,) = service.texts()
    assert str(Ticket.objects.get()) in text
    assert "--" not in text


def test_an_answer_within_the_window_goes_in_free_words_under_what_it_answers(
    says, answers, service
):
    wamid = says()
    answers("Tente de novo", [("passos.pdf", "application/pdf", b"%PDF-1.4")])
    text, file = service.sent[-2:]
    assert text["text"] == {"body": f"{Ticket.objects.get()}: Tente de novo", "preview_url": False}
    assert text["context"] == {"message_id": wamid}
    assert text["biz_opaque_callback_data"] == f"deskbook-{sent().get().pk}"
    assert file["document"]["filename"] == "passos.pdf"
    assert service.media[file["document"]["id"]][0] == b"%PDF-1.4"


def test_who_cannot_open_the_page_of_the_case_is_told_to_answer_here(says, service, asha, now):
    says()
    work.offer_estimate(
        Ticket.objects.get(), timedelta(hours=5), "120 EUR", "O mapa", at=now, by=asha
    )
    work.deliver(Ticket.objects.get(), "4.2", at=now, by=asha)
    do_jobs()
    said = " ".join(service.texts())
    assert "Responda a esta mensagem e diga-nos o que acha dele." in said
    assert "um endereço de e-mail seu" in said
    assert "Experimente-a e responda a esta mensagem" in said
    assert "confirme-a na página do caso" not in said
    assert "recuse-o na página do caso" not in said


def test_a_picture_goes_as_a_picture(says, answers, service):
    says()
    answers("Assim", [("ecra.png", "image/png", b"\x89PNG")])
    assert service.sent[-1]["type"] == "image"


def test_a_long_answer_goes_in_pieces_in_their_order(says, answers, service):
    says()
    words = " ".join(f"palavra{n}" for n in range(1_000))
    answers(words)
    pieces = service.texts()[1:]
    assert all(len(piece) <= 4_096 for piece in pieces)
    assert len(pieces) > 1
    assert " ".join(pieces).endswith(words)


def test_who_has_no_number_is_answered_by_their_id(says, answers, service):
    hidden = cloud_api.User("", "Amina", "MZ.2222")
    says(user=hidden)
    answers()
    assert service.sent[-1]["recipient"] == "MZ.2222"
    assert "to" not in service.sent[-1]


def test_outside_the_window_the_registered_wording_goes(says, answers, service, now):
    says(at=now - 25 * HOUR)
    answers()
    last = service.sent[-1]
    assert last["template"]["name"] == "pedido_resposta"
    assert last["template"]["language"] == {"code": "pt_PT"}
    assert cloud_api.variables_of(last["template"]) == [
        str(Ticket.objects.get()),
        "Tente de novo com rede",
    ]


def test_what_does_not_fit_into_the_wording_follows_when_the_person_writes(
    says, answers, service, now
):
    says(at=now - 25 * HOUR)
    answers("linha\n" + "x" * 900, [("a.png", "image/png", b"\x89PNG")])
    assert service.sent[-1]["type"] == "template"
    assert cloud_api.variables_of(service.sent[-1]["template"])[1].endswith("…")
    says("Sim, mande")
    assert [one["type"] for one in service.sent[-2:]] == ["text", "image"]
    assert service.sent[-2]["text"]["body"].endswith("x" * 900)


def test_without_a_registered_wording_it_goes_by_mail(says, answers, service, desk, now):
    from deskbook.channels.email.models import OutboundMail

    says(at=now - 25 * HOUR)
    requester = Ticket.objects.get().requester
    ContactIdentity.objects.create(
        contact=requester, desk=desk, channel="email", identifier="t@campo.example"
    )
    from deskbook.people.books import apply_book
    from tests.campaign import campaign_text

    text = "\n".join(
        line for line in campaign_text(now).splitlines() if "for: answer, by: whatsapp" not in line
    )
    apply_book("salama", text, at=now, by=None)
    answers(forgiving=True)
    assert not sent("template")
    assert OutboundMail.objects.get(purpose="answer").recipient == "t@campo.example"


def test_marks_never_go_back(says, answers, told):
    says()
    answers()
    row = sent().get()
    for word in ("read", "sent", "delivered"):
        told(row.wamid, word)
    row.refresh_from_db()
    assert row.state == "read"
    assert row.delivered_at and row.sent_at and row.read_at


def test_what_a_phone_has_does_not_fail_afterwards(says, answers, told, service):
    says()
    answers()
    row = sent().get()
    told(row.wamid, "delivered")
    before = len(service.sent)
    told(row.wamid, "failed", errors=[{"code": 131026, "title": "Undeliverable"}])
    row.refresh_from_db()
    assert (row.state, len(service.sent)) == ("delivered", before)


def test_a_mark_before_its_message_is_kept_and_joined(says, answers, told, service, monkeypatch):
    says()
    monkeypatch.setattr(cloud_api, "new_wamid", lambda: "wamid.EARLY")
    told("wamid.EARLY", "delivered")
    answers()
    assert sent().get().state == "delivered"


def test_a_call_that_ended_without_an_answer_is_not_made_twice(says, answers, told, service):
    says()
    service.silent = True
    answers(forgiving=True)
    row = sent().get()
    assert (row.state, row.wamid) == ("sending", "")
    service.silent = False
    wamid = service.sent[-1]["wamid"]
    before = len(service.sent)
    told(wamid, "delivered", biz_opaque_callback_data=f"deskbook-{row.pk}")
    assert deliver(row.pk).state == "delivered"
    assert len(service.sent) == before


def test_a_call_nobody_heard_of_is_made_again_after_a_while(says, answers, service, now):
    says()
    service.silent = True
    answers(forgiving=True)
    service.silent = False
    row = sent().get()
    with pytest.raises(TryAgain):
        deliver(row.pk)
    assert deliver(row.pk, at=row.tried_at + timedelta(minutes=3)).state == "sent"


@pytest.mark.parametrize("code", [130429, 131056, 80007])
def test_too_much_at_once_is_tried_again(says, answers, service, code):
    says()
    service.refuses = [cloud_api.Refusal(code, "Rate limit hit")]
    ((name, arguments, failure),) = answers(forgiving=True)
    assert name == "deliver_whatsapp"
    assert "Rate limit hit" in str(failure)
    assert deliver(arguments["outgoing_id"]).state == "sent"


def test_a_window_the_service_calls_closed_is_closed_and_the_wording_goes(
    says, answers, service, now
):
    says()
    service.refuses = [cloud_api.Refusal(131047, "Re-engagement message")]
    answers("Tente de novo", [("a.png", "image/png", b"\x89PNG")])
    assert service.sent[-1]["type"] == "template"
    assert [row.state for row in sent()] == ["failed"]
    assert open_until(Ticket.objects.get().requester, at=now) is None


def test_a_window_closed_by_a_later_status_leads_to_the_wording_too(says, answers, service, told):
    says()
    answers()
    told(sent().get().wamid, "failed", errors=[{"code": 131047, "title": "Re-engagement message"}])
    assert service.sent[-1]["type"] == "template"
    assert not LogEntry.objects.filter(kind="DeliveryFailed").exists()


def test_what_cannot_be_delivered_goes_by_mail_and_is_recorded_only_where_there_is_no_mail(
    says, answers, told, desk
):
    from deskbook.channels.email.models import OutboundMail

    says()
    requester = Ticket.objects.get().requester
    mail = ContactIdentity.objects.create(
        contact=requester, desk=desk, channel="email", identifier="t@campo.example"
    )
    answers()
    told(sent().get().wamid, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    assert OutboundMail.objects.filter(recipient="t@campo.example", purpose="answer").exists()
    assert not LogEntry.objects.filter(kind="DeliveryFailed").exists()
    mail.delete()
    says("Sim")  # who writes is within reach again
    answers("Mais uma vez")
    row = sent().last()
    told(row.wamid, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    assert LogEntry.objects.get(kind="DeliveryFailed").data["message"] == str(row.message_id)


def test_a_token_that_ended_is_told_on_the_account(says, answers, service, account):
    says()
    service.refuses = [cloud_api.Refusal(190, "Error validating access token", status=401)] * 2
    answers(forgiving=True)
    account.refresh_from_db()
    assert "access token" in account.trouble
    row = WhatsAppOutgoing.objects.filter(purpose="answer").get()
    assert (row.state, "access token" in row.reason) == ("queued", True)
    assert not LogEntry.objects.filter(kind="DeliveryFailed").exists()
    assert ProcrastinateJob.objects.filter(task_name="alert_service_trouble").count() == 1
    with pytest.raises(TryAgain):
        # However long it takes somebody to look.
        deliver(row.pk, at=row.queued_at + timedelta(days=5))
    service.refuses = []
    assert send_waiting(account.desk, at=row.queued_at) == 1  # what saving a new token does
    assert deliver(row.pk).state == "sent"


def test_a_refused_token_is_tried_by_one_message_and_the_others_wait(
    says, answers, service, account, now
):
    says()
    service.refuses = [cloud_api.Refusal(190, "Error validating access token", status=401)]
    answers("Um", forgiving=True)
    before = len(service.calls)
    answers("Dois", forgiving=True)
    second = sent().last()
    assert (len(service.calls), second.state, "access token" in second.reason) == (
        before,
        "queued",
        True,
    )
    assert deliver(second.pk, at=now + timedelta(minutes=6)).state == "sent"
    assert deliver(sent().first().pk).state == "sent"


def test_asked_twice_it_is_sent_once(says, answers, service):
    from deskbook.jobs.letters import carry_answer

    says()
    answers()
    before = len(service.sent)
    carry_answer(LogEntry.objects.get(kind="Answered").pk)
    do_jobs()
    assert len(service.sent) == before


def test_who_writes_out_of_hours_is_told_what_the_book_says(says, asha):
    from deskbook.jobs.words_of_letters import acknowledgement

    says()
    ticket = Ticket.objects.get()
    entry = ticket.log.get(kind="Acknowledged")
    night, day = (entry.at.replace(hour=hour) for hour in (1, 10))  # 3:00 and 12:00 in Maputo
    entry.at = night
    assert "We answer from 06:00 on." in acknowledgement(entry, ticket.requester, None)
    with translation.override("pt"):
        assert "Respondemos a partir das 6h00." in acknowledgement(entry, ticket.requester, None)
    entry.at = day
    assert "We answer" not in acknowledgement(entry, ticket.requester, None)


def test_who_never_wrote_by_whatsapp_gets_nothing_by_it(desk, account, service, asha, now):
    from deskbook.tickets.opening import NewCase, open_ticket

    chitra = find_or_make_contact(desk, "phone", "+258849999999", name="Chitra")
    open_ticket(chitra, NewCase("Chamada", Written("Chamada"), "phone"), at=now, by=asha)
    do_jobs()
    assert service.calls == []


def test_a_mark_for_nothing_of_ours_is_kept(told):
    told("wamid.foreign", "read")
    assert WhatsAppStatus.objects.get().wamid == "wamid.foreign"


def test_the_window_ends_24_hours_after_the_last_message(says, now):
    with time_machine.travel(now, tick=False):
        says(at=now - 3 * HOUR)
        requester = Ticket.objects.get().requester
        assert open_until(requester, at=now) == (now - 3 * HOUR).replace(microsecond=0) + timedelta(
            hours=24
        )
        assert open_until(requester, at=now + 21 * HOUR) is None


def test_an_answer_goes_to_the_number_the_case_was_written_from(says, answers, service):
    says()
    contact = Ticket.objects.get().requester
    # Known later, and so what was taken before.
    ContactIdentity.objects.create(
        contact=contact, desk=contact.desk, channel="whatsapp", identifier="+258849999999"
    )
    answers()
    assert service.sent[-1]["to"] == TOMAS.number


@pytest.mark.parametrize("user", [TOMAS, cloud_api.User("", "Amina", "MZ.2222")])
def test_who_asks_for_nothing_more_by_whatsapp_is_answered_another_way_or_told_of(
    says, answers, service, asha, client, user
):
    says(user=user)
    before = len(service.sent)
    says("Parar", user=user)
    case = Ticket.objects.get()
    assert "Parar" not in case.messages.values_list("text", flat=True)
    answers("Uma pergunta ainda")
    assert len(service.sent) == before
    client.force_login(asha.user)
    page = unescape(client.get(f"/console/tickets/{case}").content.decode())
    shown = f"+{user.number}" if user.number else user.user_id
    assert f"asked for nothing more by WhatsApp at {shown} (“Parar”, " in page
    assert "they never wrote" not in page
    card = client.get(f"/console/contacts/{case.requester_id}").content.decode()
    assert "wants no WhatsApp" in card


def test_who_asks_for_it_again_is_written_to_by_whatsapp_again(says, answers, service):
    says()
    says("STOP")
    says("Iniciar")
    answers("Uma pergunta ainda")
    assert "Uma pergunta ainda" in service.texts()[-1]
    assert Ticket.objects.get().messages.filter(text="Iniciar").count() == 0


def test_what_waits_for_them_does_not_leave_once_they_asked_for_nothing_more(
    says, answers, service, now
):
    says(at=now - 25 * HOUR)
    answers("linha\n" + "x" * 900)
    before = len(service.sent)
    says("stop")
    assert len(service.sent) == before
