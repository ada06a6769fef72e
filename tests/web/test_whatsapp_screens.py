"""The screens of WhatsApp: the desk's number, chats to pick from, what a ticket says of the
window.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deskbook.channels.whatsapp.models import (
    ChatExport,
    WhatsAppAccount,
    WhatsAppMedia,
    WhatsAppPayload,
    WhatsAppWindow,
)
from deskbook.channels.whatsapp.receive import ingest, receive
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.models import Place
from deskbook.tickets.models import Ticket
from deskbook.web.console.new_cases import whatsapp_capture
from deskbook.web.uploads import Limits
from tests.campaign import running_campaign
from tests.channels.whatsapp.test_capture import zipped
from tests.people_factory import make_agent, make_desk
from tests.whatsapp_service import BUSINESS, SECRET, TOKEN, TOMAS, VERIFY

GROUP = (
    "[10:30, 15/12/2025] Rosa: O tablet não liga\n[10:31, 15/12/2025] +258 87 111 0004: Aqui"
    " também não"
)
ACCOUNT = {
    "phone_number_id": BUSINESS.phone_number_id,
    "display_number": "+258 84 000 0100",
    "app_secret": SECRET,
    "token": TOKEN,
    "verify_token": VERIFY,
}


@pytest.fixture
def desk(db):
    return running_campaign(datetime.now(UTC))


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("help desk",))


def as_(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def console(asha):
    return as_(asha)


@pytest.fixture
def owner(desk):
    return as_(make_agent(desk, "Esther", role="owner"))


def picked(console, text=GROUP):
    answer = console.post("/console/whatsapp/", {"text": text})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def test_a_pasted_report_is_picked_at_once_and_logged(console, desk, asha):
    address = picked(console)
    page = console.get(address)
    assert page.status_code == 200
    lines = [line.number for line in ChatExport.objects.get().lines.order_by("number")]
    answer = console.post(
        address,
        {
            "line": lines,
            "r0.reporter": "Rosa",
            "r0.place": "Monapo",
            "r1.reporter": "+258 87 111 0004",
            "r1.name": "Bernardo",
        },
        follow=True,
    )
    assert "Logged: SAL-" in answer.content.decode()
    assert {(t.requester.name, t.subject) for t in Ticket.objects.all()} == {
        ("Rosa", "O tablet não liga"),
        ("Bernardo", "Aqui também não"),
    }
    assert (
        "Administrative area: Monapo"
        in Ticket.objects.get(requester__name="Rosa").messages.get().text
    )
    again = console.post("/console/whatsapp/", {"text": GROUP}, follow=True).content.decode()
    assert "These are logged already." in again
    assert Ticket.objects.count() == 2


def test_a_place_of_the_directory_is_kept_as_the_place(console, desk):
    Place.objects.create(desk=desk, code="MZ-N-01", name="Monapo")
    address = picked(console, GROUP.splitlines()[0])
    console.post(address, {"line": 1, "r0.reporter": "Rosa", "r0.place": "monapo"})
    assert Ticket.objects.get().place == "MZ-N-01"
    assert "Monapo" in console.get("/console/suggestions/places?q=mon").content.decode()


def test_what_cannot_be_logged_comes_back_as_typed_and_nothing_is_logged(console):
    address = picked(console)
    answer = console.post(
        address,
        {
            "line": [1, 2],
            "r0.reporter": "",
            "r0.place": "Monapo",
            "r1.reporter": "+258 87 111 0004",
        },
    )
    assert answer.status_code == 422
    assert "Say who reports it" in answer.content.decode()
    assert 'value="Monapo"' in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_a_case_of_somebody_else_is_refused(console):
    console.post(picked(console, GROUP.splitlines()[0]), {"line": 1, "r0.reporter": "Rosa"})
    rosas = Ticket.objects.get()
    answer = console.post(
        picked(console, GROUP.splitlines()[1]),
        {"line": 1, "r0.reporter": "+258 87 111 0004", "r0.case": rosas.pk},
    )
    assert answer.status_code == 422
    assert "choose a case of" in answer.content.decode()


def test_a_long_chat_is_shown_page_by_page(console):
    lines = "\n".join(f"15/12/2025, 10:{n % 60:02} - A: mensagem {n}" for n in range(500))
    answer = console.post(
        "/console/whatsapp/", {"file": SimpleUploadedFile("grupo.txt", lines.encode())}
    )
    page = console.get(answer.url).content.decode()
    assert "mensagem 499" in page
    assert "mensagem 449" not in page
    assert "mensagem 449" in console.get(f"{answer.url}?before=451").content.decode()
    assert "mensagem 0<" in console.get(f"{answer.url}?after=0").content.decode()
    found = console.get(f"{answer.url}?q=mensagem+123").content.decode()
    assert "mensagem 123" in found
    assert "mensagem 124" not in found


def test_dates_that_are_unclear_are_asked_about(console):
    answer = console.post("/console/whatsapp/", {"text": "3/4/25, 10:30 - A: x"})
    assert "What does 3/4/25 mean" in console.get(answer.url).content.decode()
    console.post(answer.url, {"order": "dmy"})
    assert "Thu 3 Apr" in console.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Paste messages, or choose the file"),
        ({"text": "Bom dia"}, "No message was found"),
        ({"file": SimpleUploadedFile("x.zip", b"PK\x03\x04nothing")}, "damaged"),
        ({"file": SimpleUploadedFile("x.zip", zipped({"a.jpg": b"x"}))}, "holds no chat"),
    ],
)
def test_what_is_no_chat_is_answered_with_what_to_do(console, given, said):
    answer = console.post("/console/whatsapp/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_chats_count_among_the_files_somebody_sends_in_a_day(console, monkeypatch):
    monkeypatch.setattr(whatsapp_capture, "OF_AGENTS", Limits(a_day=50))
    files = [SimpleUploadedFile("grupo.txt", b"15/12/2025, 10:30 - A: x") for _ in range(3)]
    answers = [console.post("/console/whatsapp/", {"file": file}) for file in files]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "No more than this is taken in one day." in answers[-1].content.decode()
    assert ChatExport.objects.count() == 2


def test_a_phone_shares_a_chat_and_a_page_does_not(console):
    file = SimpleUploadedFile("grupo.txt", b"15/12/2025, 10:30 - A: x")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = console.cookies
    page = strict.post(
        "/console/whatsapp/shared", {"file": file}, headers={"Sec-Fetch-Site": "none"}
    )
    assert (page.status_code, ChatExport.objects.count()) == (200, 0)
    said = dict(
        re.findall(r'name="(csrfmiddlewaretoken|shared)" value="([^"]+)"', page.content.decode())
    )
    assert strict.post("/console/whatsapp/", {"shared": said["shared"]}).status_code == 403
    assert strict.post("/console/whatsapp/", said).status_code == 302
    assert ChatExport.objects.get().name == "grupo.txt"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-origin"}, {}):
        assert (
            strict.post("/console/whatsapp/shared", {"text": GROUP}, headers=headers).status_code
            == 403
        )


def test_a_shared_file_is_read_only_for_who_shared_it_and_not_when_the_form_was_changed(
    console, as_bala
):
    file = SimpleUploadedFile("grupo.txt", b"15/12/2025, 10:30 - A: x")
    page = console.post(
        "/console/whatsapp/shared", {"file": file}, headers={"Sec-Fetch-Site": "none"}
    ).content.decode()
    shared = re.search(r'name="shared" value="([^"]+)"', page).group(1)
    assert as_bala.post("/console/whatsapp/", {"shared": shared}).status_code == 422
    assert console.post("/console/whatsapp/", {"shared": shared[:-2]}).status_code == 422
    assert console.post("/console/whatsapp/", {"shared": shared}).status_code == 302


def test_the_share_target_stands_in_the_manifest(console):
    assert (
        console.get("/console.webmanifest").json()["share_target"]["action"]
        == "/console/whatsapp/shared"
    )


def test_an_owner_enters_the_account_and_secrets_are_not_shown_again(owner, desk):
    assert (
        "This is needed once."
        in owner.post("/console/whatsapp/account", {**ACCOUNT, "token": ""}).content.decode()
    )
    page = owner.post("/console/whatsapp/account", ACCOUNT, follow=True).content.decode()
    assert "Saved." in page
    for secret in (SECRET, TOKEN, VERIFY):
        assert secret not in page
    kept = WhatsAppAccount.objects.get().app_secret
    owner.post(
        "/console/whatsapp/account",
        {
            **ACCOUNT,
            "app_secret": "",
            "token": "",
            "verify_token": "",
            "display_number": "+258 84 1",
        },
    )
    assert (
        "as people dial it"
        in owner.post(
            "/console/whatsapp/account", {**ACCOUNT, "display_number": "x"}
        ).content.decode()
    )
    owner.post(
        "/console/whatsapp/account", {**ACCOUNT, "app_secret": "", "token": "", "verify_token": ""}
    )
    assert WhatsAppAccount.objects.get().app_secret == kept


def test_two_desks_do_not_share_a_number(owner, db):
    owner.post("/console/whatsapp/account", ACCOUNT)
    other = as_(make_agent(make_desk("sparkrock"), "Erik", role="owner"))
    answer = other.post("/console/whatsapp/account", ACCOUNT)
    assert answer.status_code == 422
    assert "Another desk has this number" in answer.content.decode()


def test_what_could_not_be_read_is_shown_and_tried_again(owner, desk):
    owner.post("/console/whatsapp/account", ACCOUNT)
    row = receive(ingest(WhatsAppAccount.objects.get(), b"no json", at=datetime.now(UTC)).pk)
    assert "It is no JSON" in owner.get("/console/left-over/").content.decode()
    owner.post("/console/left-over/trying", {"row": f"whatsapp-in {row.pk}"})
    assert WhatsAppPayload.objects.get().state == "new"
    receive(row.pk)
    owner.post("/console/left-over/discarding", {"row": f"whatsapp-in {row.pk}"})
    dropped = WhatsAppPayload.objects.get()
    assert (dropped.state, dropped.dropped_by[:6]) == ("dropped", "agent:")


def test_files_that_were_not_there_are_asked_for_again(owner, desk):
    owner.post("/console/whatsapp/account", ACCOUNT)
    now = datetime.now(UTC)
    webhook = cloud_api.message(
        BUSINESS, TOMAS, "image", cloud_api.file_content("4711", "image/jpeg", b"x"), at=now
    )
    receive(ingest(WhatsAppAccount.objects.get(), cloud_api.body_of(webhook), at=now).pk)
    WhatsAppMedia.objects.update(state="failed", reason="It is gone.")
    assert (
        "could not be fetched: It is gone."
        in owner.get(f"/console/tickets/{Ticket.objects.get()}").content.decode()
    )
    assert "1 files could not be fetched" in owner.get("/console/whatsapp/account").content.decode()
    assert (
        "Tried again: 1 files."
        in owner.post("/console/whatsapp/media", follow=True).content.decode()
    )
    assert WhatsAppMedia.objects.get().state == "waiting"


def test_a_ticket_says_until_when_free_words_go(console, owner, desk):
    owner.post("/console/whatsapp/account", ACCOUNT)
    now = datetime.now(UTC)
    webhook = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Olá"}, at=now)
    receive(ingest(WhatsAppAccount.objects.get(), cloud_api.body_of(webhook), at=now).pk)
    address = f"/console/tickets/{Ticket.objects.get()}"
    assert "free text until" in console.get(address).content.decode()
    WhatsAppWindow.objects.update(wrote_at=now - timedelta(hours=25))
    assert "registered wording" in console.get(address).content.decode()
    WhatsAppWindow.objects.update(undeliverable_at=now)
    assert "call them" in console.get(address).content.decode()


ADDRESSES = (
    "/console/whatsapp/",
    "/console/whatsapp/account",
    "/console/whatsapp/chats/{chat}",
    "/console/whatsapp/chats/{chat}/picks?line=1",
    "/console/suggestions/places?q=a",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_outsiders_find_nothing_there(console, desk, address):
    picked(console)
    address = address.format(chat=ChatExport.objects.get().pk)
    assert Client().get(address).status_code in (302, 405)
    dev = make_agent(make_desk("sparkrock"), "Dev")
    answer = as_(dev).get(address)
    assert "O tablet" not in answer.content.decode()
    if "chat" in address or "account" in address:
        assert answer.status_code == 404


def test_an_agent_does_not_see_the_account(console):
    assert console.get("/console/whatsapp/account").status_code == 404
