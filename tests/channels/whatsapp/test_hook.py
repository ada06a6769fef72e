"""The door of the Cloud API: who does not know the secrets gets nowhere, and what is too large is
not read.
"""

import pytest

from deskbook.channels.whatsapp.models import WhatsAppMedia, WhatsAppPayload
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Attachment, Ticket
from tests.channels.whatsapp.conftest import do_jobs
from tests.whatsapp_service import BUSINESS, SECRET, TOMAS, VERIFY

HOOK = "/hooks/whatsapp/salama/"
PHOTO = b"\xff\xd8\xff\xe0 a picture"


def test_the_verification_is_answered_with_the_challenge(client, account):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = client.get(HOOK, asked)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert client.get(HOOK, {**asked, "hub.verify_token": "guess"}).status_code == 403
    assert client.get(HOOK).status_code == 403


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "ünïcode"])
def test_a_wrong_signature_is_refused_and_nothing_is_kept(post, now, signature):
    answer = post(
        cloud_api.message(BUSINESS, TOMAS, "text", {"body": "x"}, at=now), signature=signature
    )
    assert answer.status_code == 403
    assert WhatsAppPayload.objects.count() == 0


def test_a_changed_body_does_not_fit_its_signature(post, now):
    body = cloud_api.body_of(
        cloud_api.message(BUSINESS, TOMAS, "text", {"body": "pague 5"}, at=now)
    )
    signed = cloud_api.signature(SECRET, body)
    assert (
        post(None, signature=signed, body=body.replace(b"pague 5", b"pague 9")).status_code == 403
    )


def test_a_replayed_webhook_opens_nothing(post, now):
    webhook = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Olá"}, at=now)
    for _again in range(3):
        assert post(webhook).status_code == 200
        do_jobs()
    assert Ticket.objects.count() == 1


def test_a_huge_body_is_not_read(post):
    answer = post(None, body=b'{"entry": []}' + b" " * 3 * 1024 * 1024)
    assert answer.status_code == 413
    assert b"3 MB" in answer.content


def test_a_desk_without_an_account_is_not_there(client, db):
    assert client.get("/hooks/whatsapp/nowhere/").status_code == 404
    assert (
        client.post("/hooks/whatsapp/nowhere/", b"{}", content_type="application/json").status_code
        == 404
    )
    assert client.put(HOOK).status_code == 405


def test_a_photo_is_fetched_checked_and_kept(says, service):
    content = cloud_api.file_content(service.keep(PHOTO), "image/jpeg", PHOTO, caption="O ecrã")
    says(kind="image", content=content)
    file = Attachment.objects.get()
    assert (bytes(file.blob.data), file.content_type, file.name) == (
        PHOTO,
        "image/jpeg",
        "image.jpg",
    )
    assert file.message.text == "O ecrã"


def test_a_file_without_words_is_called_by_its_name(says, service):
    data = b"%PDF"
    given = cloud_api.file_content(
        service.keep(data), "application/pdf", data, filename="../../aldeias.pdf"
    )
    says(kind="document", content=given)
    assert Attachment.objects.get().name == "aldeias.pdf"
    assert Ticket.objects.get().subject == "aldeias.pdf"


def test_a_file_that_vanished_is_said_to_be_gone(says, service):
    says(kind="image", content=cloud_api.file_content("404404", "image/jpeg", PHOTO))
    row = WhatsAppMedia.objects.get()
    assert row.state == "failed"
    assert "send it again" in in_words(row.reason)
    assert Ticket.objects.count() == 1


def test_other_bytes_than_were_sent_are_not_kept(says, service):
    says(
        kind="image",
        content=cloud_api.file_content(service.keep(b"something else"), "image/jpeg", PHOTO),
    )
    assert Attachment.objects.count() == 0
    assert "SHA-256" in in_words(WhatsAppMedia.objects.get().reason)


def test_a_file_too_large_is_said_to_be(says, service, monkeypatch):
    monkeypatch.setattr("deskbook.channels.whatsapp.api.LARGEST_MEDIA", 5)
    says(kind="image", content=cloud_api.file_content(service.keep(PHOTO), "image/jpeg", PHOTO))
    assert "ask for a smaller one" in in_words(WhatsAppMedia.objects.get().reason)


def test_a_service_that_is_away_is_asked_again(says, service, settings):
    from deskbook.channels.whatsapp.media import TryAgain, fetch

    right, settings.DESKBOOK_WHATSAPP_URL = service.url, "http://127.0.0.1:9/v26.0"
    with pytest.raises(TryAgain):
        says(kind="image", content=cloud_api.file_content(service.keep(PHOTO), "image/jpeg", PHOTO))
    row = WhatsAppMedia.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    settings.DESKBOOK_WHATSAPP_URL = right
    assert fetch(row.pk).state == "kept"
    assert fetch(row.pk).state == "kept"
    assert Attachment.objects.count() == 1


def test_the_token_is_taken_nowhere_else(says, service):
    media_id = service.keep(PHOTO)
    service.url = "http://elsewhere.example"
    says(kind="image", content=cloud_api.file_content(media_id, "image/jpeg", PHOTO))
    assert "elsewhere.example" in in_words(WhatsAppMedia.objects.get().reason)


def test_secrets_are_sealed_in_the_database(account):
    kept = " ".join([account.app_secret, account.token, account.verify_token])
    assert SECRET not in kept
    assert VERIFY not in kept
