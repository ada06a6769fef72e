"""The phones of the demo, and the Cloud API that leaves nothing outside."""

import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deskbook.channels.whatsapp.models import WhatsAppMedia, WhatsAppOutgoing
from deskbook.demo.desk_files import said_at
from deskbook.demo.models import PhoneMessage
from deskbook.demo.past.whatsapp import ACCOUNT, make_whatsapp
from deskbook.tickets.models import Ticket
from tests.campaign import running_campaign
from tests.people_factory import make_agent, make_desk

PHONE = "/demo/whatsapp/salama/258841110001/"
GRAPH = "/demo/graph/v26.0"
BEARER = {"Authorization": f"Bearer {ACCOUNT.token}"}


@pytest.fixture
def desk(db):
    desk = running_campaign(datetime.now(UTC))
    make_whatsapp(desk, [make_agent(desk, "Asha", teams=("help desk",))], at=datetime.now(UTC))
    return desk


def send(client, payload, headers=BEARER):
    address = f"{GRAPH}/{ACCOUNT.phone_number_id}/messages"
    return client.post(
        address, json.dumps(payload), content_type="application/json", headers=headers
    )


def text_to(number, body="Olá"):
    return {"messaging_product": "whatsapp", "to": number, "type": "text", "text": {"body": body}}


def test_the_demo_begins_with_conversations_and_a_report_of_a_group(desk):
    subjects = set(Ticket.objects.values_list("subject", flat=True))
    assert "A aldeia de Nacololo não aparece na lista." in subjects
    assert said_at("salama").group[1].text in subjects
    assert WhatsAppMedia.objects.get().state == "waiting"


def test_a_desk_without_the_channel_gets_no_phones(db):
    desk = make_desk("mukta")
    make_whatsapp(desk, [make_agent(desk)], at=datetime.now(UTC))
    assert PhoneMessage.objects.count() == 0


def test_a_phone_shows_what_the_desk_sent_and_reads_it(client, demo, desk):
    assert "Lurdes Macamo" in client.get("/demo/whatsapp/").content.decode()
    assert send(client, text_to("258841110001", "Tente de novo")).json()["messages"][0]["id"]
    page = client.get(PHONE).content.decode()
    assert "Tente de novo" in page
    assert PhoneMessage.objects.get(text="Tente de novo").read_at
    assert "Tente de novo" in client.get(f"{PHONE}thread").content.decode()


def test_outside_the_window_the_stub_takes_a_registered_wording_alone(client, demo, desk):
    late = send(client, text_to("258821110003"))
    assert late.json()["error"]["code"] == 131047
    variables = [{"type": "text", "text": word} for word in ("SAL-1", "Corrigido")]
    template = {
        "name": "pedido_resposta",
        "language": {"code": "pt_PT"},
        "components": [{"type": "body", "parameters": variables}],
    }
    sent = {
        "messaging_product": "whatsapp",
        "to": "258821110003",
        "type": "template",
        "template": template,
    }
    assert send(client, sent).status_code == 200
    assert (
        PhoneMessage.objects.get(form="template").text
        == "O pedido SAL-1 tem uma resposta: Corrigido"
    )


def test_a_file_given_to_the_stub_arrives_on_the_phone(client, demo, desk):
    file = SimpleUploadedFile("ecra.png", b"\x89PNG", "image/png")
    given = {"messaging_product": "whatsapp", "type": "image/png", "file": file}
    media = client.post(f"{GRAPH}/{ACCOUNT.phone_number_id}/media", given, headers=BEARER).json()[
        "id"
    ]
    told = client.get(f"{GRAPH}/{media}", headers=BEARER).json()
    assert told["url"].endswith(f"/file/{media}")
    assert client.get(f"{GRAPH}/file/{media}", headers=BEARER).content == b"\x89PNG"
    assert client.get(f"{GRAPH}/4711", headers=BEARER).status_code == 404
    send(
        client,
        {
            "messaging_product": "whatsapp",
            "to": "258841110001",
            "type": "image",
            "image": {"id": media},
        },
    )
    row = PhoneMessage.objects.get(form="image", from_desk=True)
    assert client.get(f"/demo/whatsapp/pictures/{row.pk}").content == b"\x89PNG"


def test_a_phone_writes_words_and_a_picture(client, demo, desk):
    client.post(
        PHONE,
        {"text": "Continua igual", "file": SimpleUploadedFile("a.png", b"\x89PNG", "image/png")},
    )
    assert PhoneMessage.objects.get(text="Continua igual").form == "image"
    assert "Write something" in client.post(PHONE, {"text": ""}, follow=True).content.decode()
    pdf = SimpleUploadedFile("a.pdf", b"%PDF", "application/pdf")
    assert "Choose a picture" in client.post(PHONE, {"file": pdf}, follow=True).content.decode()


def test_without_the_token_the_stub_does_nothing(client, demo, desk):
    answer = send(client, text_to("258841110001"), {"Authorization": "Bearer guess"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)
    assert WhatsAppOutgoing.objects.count() == 0


@pytest.mark.parametrize(
    "address", ["/demo/whatsapp/", PHONE, f"{PHONE}thread", f"{GRAPH}/1", f"{GRAPH}/file/1"]
)
def test_outside_a_demo_there_are_no_phones_and_no_stub(client, desk, address):
    assert client.get(address, headers=BEARER).status_code == 404
    assert client.post(f"{GRAPH}/1/messages", headers=BEARER).status_code == 404
