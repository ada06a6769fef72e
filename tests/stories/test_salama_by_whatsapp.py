"""The campaign's desk by WhatsApp: a field worker with a phone, the help desk at its screens, the
service between.

The service is a Cloud API on a port of this machine that speaks the real payloads; pywa reads what
it says.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from pywa import WhatsApp, types

from deskbook.demo.stand_ins import cloud_api
from tests.stories.running_desk import patiently
from tests.stories.test_a_day_at_salama import L2, ZONE, book
from tests.whatsapp_service import BUSINESS, SECRET, TOKEN, TOMAS, VERIFY, deliver

pytestmark = pytest.mark.browser

ESTHER, BALA, ASHA, JOANA = (
    f"{name}@salama.example" for name in ("esther", "bala", "asha", "joana")
)
PHOTO = b"\xff\xd8\xff\xe0 a picture of a screen"
WINDOW_OVER = (
    "from datetime import timedelta\n"
    "from deskbook.server.processes import desk\n"
    "with desk():\n"
    "    from django.db.models import F\n"
    "    from deskbook.channels.whatsapp.models import WhatsAppWindow\n"
    "    WhatsAppWindow.objects.update(wrote_at=F('wrote_at') - timedelta(hours=25))\n"
)


@pytest.fixture(scope="module")
def salama(story):
    people = (
        (ESTHER, "--name", "Esther", "--role", "owner"),
        (BALA, "--name", "Bala", "--role", "lead"),
    )
    with story("salama", book(), *people) as (desk, at_window):
        bala = at_window(BALA)
        agents = (f"Asha,{ASHA},agent,{L2}", f"Joana,{JOANA},agent,local support")
        bala.uploads("agents", "name,mail,role,team", *agents)
        now = datetime.now(UTC)
        bala.plans_shift(L2, "Asha", now - timedelta(hours=2), now + timedelta(hours=3), ZONE)
        yield desk, at_window


@pytest.fixture
def desk(salama):
    return salama[0]


@pytest.fixture
def at_window(salama):
    return salama[1]


@pytest.fixture
def asha(at_window):
    return at_window(ASHA)


def writes(desk, service, text, kind="text", content=None, **more):
    """Let Tomás write to the desk; return the wamid."""
    at = datetime.now(UTC)
    service.wrote(at=service.now())
    webhook = cloud_api.message(BUSINESS, TOMAS, kind, content or {"body": text}, at=at, **more)
    read = types.Message.from_update(
        WhatsApp(phone_id=BUSINESS.phone_number_id, token=TOKEN), webhook
    )
    assert deliver(desk.site, "salama", webhook) == 200
    return read.id


def number_of(desk, subject):
    found = patiently(
        lambda: desk.select("select number from deskbook_ticket where subject = %s", subject),
        f"a ticket “{subject}”",
    )
    return f"SAL-{found[0][0]}"


def test_an_owner_connects_the_desks_number(desk, at_window, service):
    esther = at_window(ESTHER)
    page = esther.open("/console/whatsapp/account")
    given = {
        "phone_number_id": BUSINESS.phone_number_id,
        "display_number": "+258 84 000 0100",
        "app_secret": SECRET,
        "token": TOKEN,
        "verify_token": VERIFY,
    }
    for name, value in given.items():
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("button", name="Save").click()
    esther.reads("Saved.")
    assert SECRET not in page.content()
    assert TOKEN not in page.content()
    asked = (
        f"/hooks/whatsapp/salama/?hub.mode=subscribe&hub.verify_token={VERIFY}&hub.challenge=4711"
    )
    assert page.request.get(asked).text() == "4711"
    assert deliver(desk.site, "salama", cloud_api.together(), "another secret") == 403


def test_a_field_worker_writes_with_a_photo_and_is_answered(desk, asha, service):
    writes(desk, service, "O aplicativo não sincroniza em Monapo")
    number = number_of(desk, "O aplicativo não sincroniza em Monapo")
    patiently(lambda: any(number in text for text in service.texts()), "the number on the phone")
    content = cloud_api.file_content(
        service.keep(PHOTO), "image/jpeg", PHOTO, caption="Este é o ecrã"
    )
    photo = writes(desk, service, "", "image", content)
    patiently(lambda: "image.jpg" in asha.open(number).content(), "the photo on the ticket")
    expect(asha.page.locator("#composer .way")).to_contain_text("free text until")
    patiently(lambda: photo in service.read, "the mark that the desk has read it")
    asha.writes(number, "Ligue à rede e toque em Sincronizar duas vezes")
    patiently(
        lambda: any("duas vezes" in text for text in service.texts()), "the answer on the phone"
    )
    answer = next(one for one in service.sent if "duas vezes" in str(one))
    assert answer["context"] == {"message_id": photo}
    for word in ("read", "delivered", "sent"):
        told = cloud_api.status(BUSINESS, TOMAS, answer["wamid"], word, at=service.now())
        assert deliver(desk.site, "salama", told) == 200
    patiently(
        lambda: asha.open(number).locator(".fate summary", has_text="read").count(),
        "the reader's mark",
    )


def test_after_a_day_the_registered_wording_goes_and_the_rest_when_they_write(desk, asha, service):
    number = number_of(desk, "O aplicativo não sincroniza em Monapo")
    desk.run_python(WINDOW_OVER)
    service.shift += timedelta(hours=25)
    page = asha.open(number)
    expect(page.locator("#composer .way.closes")).to_contain_text("registered wording")
    page.locator("#text").fill("Já está corrigido no servidor")
    page.locator("#composer input[type=file]").set_input_files(
        {"name": "passos.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    page.locator("#composer button.primary").click()
    wording = patiently(
        lambda: [one for one in service.sent if one["type"] == "template"], "the wording"
    )[-1]
    assert cloud_api.variables_of(wording["template"]) == [number, "Já está corrigido no servidor"]
    assert not any(one["type"] == "document" for one in service.sent)
    service.shift -= timedelta(hours=25)
    writes(
        desk,
        service,
        "Obrigado, funciona",
        context={"id": wording["wamid"], "from": BUSINESS.display_number},
    )
    patiently(
        lambda: any(one["type"] == "document" for one in service.sent), "the file that waited"
    )
    asha.reads("Obrigado, funciona", number)


GROUP = """[10:30, 15/12/2025] Rosa: O registador 14 não consegue entrar
[10:31, 15/12/2025] +258 87 111 0004: Aqui em Mossuril também não"""


def test_a_report_of_a_group_is_logged_for_who_wrote_it(desk, asha):
    page = asha.open("/console/whatsapp/")
    page.locator("#paste").fill(GROUP)
    page.get_by_role("button", name="Read it").click()
    page.locator("[name='r0.place']").fill("Mossuril")
    page.locator("[name='r1.name']").fill("Bernardo")
    page.get_by_role("button", name=re.compile("^Log")).last.click()
    asha.reads("Logged: SAL-")
    number = number_of(desk, "O registador 14 não consegue entrar")
    expect(page.locator("li.captured", has_text="Rosa")).to_contain_text(number)
    asha.reads("Mossuril", number)
    asha.reads("15 Dec 2025 10:30 CAT")
    kept = desk.select(
        "select c.name, u.name from deskbook_ticket t join deskbook_contact c on c.id ="
        " t.requester_id join deskbook_logentry l on l.ticket_id = t.id and l.seq = 1 join"
        " deskbook_agent a on a.id::text = l.data->>'recorded_by' join deskbook_user u on u.id ="
        " a.user_id where t.subject = 'Aqui em Mossuril também não'"
    )
    assert kept == [("Bernardo", "Asha")]


def test_what_is_pasted_again_is_not_logged_again(desk, asha):
    page = asha.open("/console/whatsapp/")
    page.locator("#paste").fill(GROUP)
    page.get_by_role("button", name="Read it").click()
    asha.reads("These are logged already.")
    assert desk.select(
        "select count(*) from deskbook_ticket where subject like '%%Mossuril%%'"
    ) == [(1,)]


def test_level_one_passes_on_by_whatsapp_and_by_no_way_the_book_forbids(at_window, asha):
    joana = at_window(JOANA)
    worker = {
        "requester": "+258 84 765 4321",
        "name": "Inês",
        "text": "A lista desapareceu",
        "channel": "whatsapp",
        "facet_type": "incident",
        "facet_category": "technical query",
        "facet_reporter": "field worker",
    }
    number = joana.logs(**worker, subject="A lista desapareceu")
    joana.act(
        number,
        "passing",
        "Pass on",
        team="help desk",
        channel="whatsapp",
        reason="Não sei resolver",
    )
    joana.reads("Passed on.")
    asha.reads("Não sei resolver", number)
    page = asha.act(
        number, "passing", "Pass on", team="egov india", channel="whatsapp", reason="Em todos"
    )
    expect(page.locator("#fact-passing [role=alert]")).to_contain_text("of the book")
