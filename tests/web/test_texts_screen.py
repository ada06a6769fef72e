"""The screens of texts: what failed, what waits, and the gateway that owners connect."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from deskbook.channels.sms.models import IncomingText, SmsGateway, TextMessage
from deskbook.people.sealing import unsealed
from tests.channels.sms.texting_desk import connect, texting_desk
from tests.people_factory import make_agent, make_desk


def signed_in(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(db):
    return texting_desk()


@pytest.fixture
def owner(desk):
    return signed_in(make_agent(desk, "Omar", role="owner"))


@pytest.fixture
def failed(desk):
    return TextMessage.objects.create(
        desk=desk,
        key="k",
        number="+919437012345",
        text="Your request is MUK-7.",
        purpose="acknowledgement",
        state="failed",
        reason="The gateway reports: failed DND.",
        queued_at=timezone.now(),
    )


@pytest.fixture
def held(desk):
    return IncomingText.objects.create(
        desk=desk,
        provider_id="m1",
        number="+919437012345",
        text="<b>Help</b>",
        state="held",
        reason="Nobody knows them.",
        came_at=timezone.now(),
    )


def form(**changes):
    return {
        "preset": "other",
        "method": "POST",
        "url": "https://gateway.example/send",
        "headers": "",
        "body_kind": "json",
        "body": '{"to": "{to}"}',
        "accepted": "",
        "id_at": "id",
        "report_check": "token",
        "report_fields": "id=id",
        "report_states": "",
        "sender": "MUKTAH",
        "entity": "1",
        "account": "acme",
        "login": "key",
        "secret": "hunter-2",
        "per_minute": "60",
        "active": "1",
        **changes,
    }


def test_a_sign_in_code_is_not_shown_to_those_who_look_at_the_list(console, failed):
    TextMessage.objects.filter(pk=failed.pk).update(purpose="code", text="7K3M signs you in once.")
    page = console.get("/console/texts/").content.decode()
    assert "7K3M" not in page
    assert "(a sign-in code)" in page


def test_another_desks_texts_are_nobodys_business(failed, held):
    stranger = signed_in(make_agent(make_desk("sparkrock"), "Farid", role="owner"))
    assert "9437012345" not in stranger.get("/console/texts/").content.decode()
    assert Client().get("/console/texts/").status_code == 302


def test_an_owner_connects_a_gateway_and_its_secret_is_never_shown(owner, desk, caplog):
    begun = owner.get("/console/texts/gateway?preset=exotel").content.decode()
    assert "api.exotel.com" in begun
    assert owner.post("/console/texts/gateway", form()).status_code == 302
    row = SmsGateway.objects.get(desk=desk)
    assert unsealed(row.secret) == "hunter-2"
    assert "hunter-2" not in row.secret
    page = owner.get("/console/texts/gateway").content.decode()
    assert "hunter-2" not in page
    assert f"/hooks/sms/mukta/{row.report_token}/" in page
    owner.post("/console/texts/gateway", form(secret="", sender="OTHER"))
    row.refresh_from_db()
    assert (row.sender, unsealed(row.secret)) == ("OTHER", "hunter-2")
    assert "hunter-2" not in caplog.text


@pytest.mark.parametrize(
    "moved",
    [
        {"url": "https://elsewhere.example/send"},
        {"url": "http://gateway.example/send"},
        {"body": "To={to}\nBody={secret}"},
        {"headers": "X-Shown: {basic}"},
    ],
)
def test_the_secret_goes_nowhere_else_than_where_who_typed_it_meant(owner, desk, moved):
    owner.post("/console/texts/gateway", form())
    before = SmsGateway.objects.values().get()
    refused = owner.post("/console/texts/gateway", form(secret="", **moved))
    assert refused.status_code == 422
    assert "type the secret in again" in refused.content.decode()
    assert escape(next(iter(moved.values()))) in refused.content.decode()
    assert SmsGateway.objects.values().get() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "ftp://gateway.example"}, "is no address of a service"),
        ({"url": "https://me:pass@gateway.example"}, "do not stand in the address"),
        ({"body": '{"to": "{too}"}'}, "Nothing is known by the name {too}"),
        ({"per_minute": "many"}, "A whole number from 1"),
        ({"method": "DELETE"}, "Choose one of the answers"),
        ({"sender": "S" * 33}, "This has 33 characters; at most 32 fit."),
    ],
)
def test_what_cannot_work_is_said_beside_the_field_and_nothing_typed_is_lost(owner, changes, words):
    refused = owner.post("/console/texts/gateway", form(**changes))
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert "acme" in refused.content.decode()
    assert not SmsGateway.objects.exists()


def test_only_owners_reach_the_gateway(console, as_bala, desk):
    for client in (console, as_bala):
        assert client.get("/console/texts/gateway").status_code == 404
        assert client.post("/console/texts/gateway", form()).status_code == 404
        assert (
            client.post(
                "/console/texts/gateway/test", {"template": "0", "number": "+919437012345"}
            ).status_code
            == 404
        )
    assert not TextMessage.objects.exists()


def test_a_test_text_is_one_of_the_books_with_its_parts_shown(owner, desk):
    connect(desk, "other")
    page = owner.get("/console/texts/gateway").content.decode()
    assert "1107160000000000002" in page
    assert "GSM-7" in page
    assert "Unicode" in page
    for _press in range(2):
        owner.post(
            "/console/texts/gateway/test",
            {"template": "0", "number": "94370 12345", "client_key": "k"},
        )
    assert TextMessage.objects.get().text == "Your request is MUK-12."
    said = owner.post(
        "/console/texts/gateway/test", {"template": "0", "number": "0674 2390011"}, follow=True
    )
    assert "is not a mobile" in said.content.decode()
    said = owner.post(
        "/console/texts/gateway/test", {"template": "x", "number": "94370 12345"}, follow=True
    )
    assert "Choose one of the book" in said.content.decode()


def test_codes_are_texted_where_a_gateway_is_connected(as_bala, desk):
    from deskbook.people.models import Agent

    kofi = make_agent(desk, "Kofi")
    Agent.objects.filter(pk=kofi.pk).update(phone="+919437012345")
    connect(desk, "other")
    page = as_bala.post(
        "/console/people/codes", {"agent": [kofi.pk], "by": "text"}, follow=True
    ).content.decode()
    assert "1 codes are on their way" in page
    assert re.fullmatch(
        r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2} signs you in once\.", TextMessage.objects.get().text
    )
