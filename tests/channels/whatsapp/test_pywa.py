"""An independent client reads what our stub says, and talks to it: what the desk speaks is the real
protocol.
"""

import pytest
from pywa import WhatsApp, types, utils

from deskbook.channels.whatsapp.deliver import payload_of
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.demo.stand_ins import cloud_api
from tests.whatsapp_service import BUSINESS, SECRET, TOKEN, TOMAS, running_service

PHOTO = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def service():
    with running_service() as running:
        yield running


@pytest.fixture
def pywa(service):
    client = WhatsApp(phone_id=BUSINESS.phone_number_id, token=TOKEN)
    client.api._session.base_url = service.url
    yield client
    client.api._session.close()


def test_pywa_reads_a_text_of_the_stub(pywa, now):
    before = {"id": "wamid.PREV", "from": "1"}
    webhook = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Olá"}, at=now, context=before)
    read = types.Message.from_update(pywa, webhook)
    assert (read.text, read.from_user.wa_id, read.from_user.name) == (
        "Olá",
        TOMAS.number,
        TOMAS.name,
    )
    assert read.from_user.bsuid == TOMAS.user_id
    assert read.reply_to_message.id == "wamid.PREV"
    assert read.metadata.phone_number_id == BUSINESS.phone_number_id


def test_pywa_reads_a_user_without_a_number(pywa, now):
    webhook = cloud_api.message(
        BUSINESS, cloud_api.User("", "Amina", "MZ.2222"), "text", {"body": "Olá"}, at=now
    )
    read = types.Message.from_update(pywa, webhook)
    assert (read.from_user.wa_id, read.from_user.bsuid) == (None, "MZ.2222")


def test_pywa_reads_a_picture_and_fetches_it(pywa, service, now):
    content = cloud_api.file_content(service.keep(PHOTO), "image/jpeg", PHOTO, caption="O ecrã")
    read = types.Message.from_update(
        pywa, cloud_api.message(BUSINESS, TOMAS, "image", content, at=now)
    )
    assert (read.caption, read.image.mime_type) == ("O ecrã", "image/jpeg")
    assert read.image.get_bytes() == PHOTO


@pytest.mark.parametrize("word", ["sent", "delivered", "read"])
def test_pywa_reads_the_marks_of_the_stub(pywa, now, word):
    read = types.MessageStatus.from_update(
        pywa, cloud_api.status(BUSINESS, TOMAS, "wamid.A", word, at=now)
    )
    assert (read.id, read.status) == ("wamid.A", types.MessageStatusType(word))


def test_pywa_accepts_the_signature_of_the_stub(now):
    body = cloud_api.body_of(cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Olá"}, at=now))
    signed = cloud_api.signature(SECRET, body)
    assert utils.webhook_updates_validator(
        app_secret=SECRET, request_body=body, x_hub_signature=signed
    )


def test_pywa_sends_to_the_stub_what_the_stub_understands(pywa, service):
    service.wrote()
    sent = pywa.send_message(TOMAS.number, "Tente de novo", tracker="abc")
    assert sent.id == service.sent[-1]["wamid"]
    assert service.texts() == ["Tente de novo"]
    pywa.mark_message_as_read("wamid.A")
    assert service.read == ["wamid.A"]
    pywa.send_image(TOMAS.number, PHOTO, mime_type="image/jpeg", caption="Assim")
    assert service.media[service.sent[-1]["image"]["id"]][0] == PHOTO


def test_pywa_is_told_when_the_window_is_closed(pywa, service):
    from pywa.errors import ReEngagementMessage

    with pytest.raises(ReEngagementMessage):
        pywa.send_message(TOMAS.number, "Tarde demais")


def test_the_desk_sends_the_fields_pywa_sends(answers_by_desk):
    """The same message by pywa and by the desk differs in nothing but our own mark on it."""
    ours = answers_by_desk("Tente de novo")
    other = WhatsApp(phone_id=BUSINESS.phone_number_id, token=TOKEN)
    other.api._session.base_url = ours["service"].url
    other.send_message(TOMAS.number, ours["text"], reply_to_message_id=ours["wamid"])
    theirs = {
        k: v
        for k, v in ours["service"].sent[-1].items()
        if k not in ("wamid", "biz_opaque_callback_data")
    }
    mine = {k: v for k, v in payload_of(ours["row"]).items() if k != "biz_opaque_callback_data"}
    mine["text"].setdefault("preview_url", False)
    assert {**theirs, "text": {"preview_url": False, **theirs["text"]}} == mine
    other.api._session.close()


@pytest.fixture
def answers_by_desk(desk, account, asha, now, settings, service):
    from deskbook.channels.whatsapp.receive import ingest, receive
    from deskbook.tickets.conversation import answer_ticket
    from deskbook.tickets.messages import Written
    from deskbook.tickets.models import Ticket
    from tests.channels.whatsapp.conftest import do_jobs

    def answered(text):
        settings.DESKBOOK_WHATSAPP_URL = service.url
        service.wrote()
        webhook = cloud_api.message(
            BUSINESS, TOMAS, "text", {"body": "Olá"}, at=now, wamid="wamid.THEIRS"
        )
        receive(ingest(account, cloud_api.body_of(webhook), at=now).pk, at=now)
        answer_ticket(Ticket.objects.get(), Written(text), at=now, by=asha)
        do_jobs()
        row = WhatsAppOutgoing.objects.get(purpose="answer")
        return {"service": service, "row": row, "text": row.text, "wamid": "wamid.THEIRS"}

    return answered
