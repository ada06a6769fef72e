"""What becomes of a reminder over which a text gateway, WhatsApp or another system fell silent."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.utils import timezone

from deskbook.channels.app.models import AppCase, AppEvent
from deskbook.channels.app.systems import Told, make_system
from deskbook.channels.app.telling import tell
from deskbook.channels.sms.models import TextMessage
from deskbook.channels.sms.send import send_text
from deskbook.channels.whatsapp.accounts import Entered, keep_account
from deskbook.channels.whatsapp.deliver import deliver as deliver_whatsapp
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.delivery.outbox import TryAgain, send_again
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.models import ContactIdentity
from deskbook.people.refusals import in_words
from deskbook.tickets.conversation import take_in_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from tests.channels.app.other_system import running_system
from tests.channels.sms.stub_gateway import stub_gateway
from tests.channels.sms.texting_desk import connect
from tests.jobs.test_silence import FIRST, asked, kinds, let_pass
from tests.people_factory import make_agent, make_contact, make_desk
from tests.whatsapp_service import BUSINESS, SECRET, TOKEN, TOMAS, VERIFY, running_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha():
    return make_agent(make_desk("sparkrock"))


@pytest.fixture
def chitra(asha):
    return make_contact(asha.desk)


@pytest.fixture
def case(asha, chitra):
    return asked(asha, chitra)


@pytest.fixture
def others(asha, settings):
    """A text gateway, WhatsApp's service and another system, all running."""
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.0/8",)
    number = Entered(BUSINESS.phone_number_id, BUSINESS.display_number, SECRET, TOKEN, VERIFY)
    keep_account(asha.desk, number, at=timezone.now(), by=None)
    with stub_gateway() as gateway, running_service() as service, running_system() as there:
        connect(asha.desk, "other", gateway.address, body_kind="json")
        settings.DESKBOOK_WHATSAPP_URL = service.url
        yield SimpleNamespace(gateway=gateway, service=service, there=there)


SILENT = {
    "text": ("text", "silent"),
    "text behind a proxy": ("text", 504),
    "WhatsApp": ("WhatsApp", "silent"),
    "a system": ("app", "silent"),
    "a system behind a proxy": ("app", 502),
}


@pytest.fixture
def reminder(case, chitra, others):
    """Return a function that makes a reminder that is due on a way: how it is sent, and its row."""

    def due(way):
        let_pass(case, FIRST)
        entry = LogEntry.objects.get(ticket=case, kind="ReminderDue")
        told = {"entry": entry, "purpose": "reminder", "queued_at": FIRST, "next_try_at": FIRST}
        if way == "text":
            text = {"number": "+14165550101", "text": "?", "ticket": case, **told}
            return send_text, TextMessage.objects.create(desk=case.desk, **text)
        if way == "WhatsApp":
            hers = {"contact": chitra, "channel": "whatsapp", "identifier": TOMAS.number}
            ContactIdentity.objects.create(desk=case.desk, **hers)
            others.service.wrote()
            named = {"ticket": case, "contact": chitra, "part": 0, "form": "text", "text": "?"}
            return deliver_whatsapp, WhatsAppOutgoing.objects.create(**named, **told)
        told_of = Told("Login page", "login page", others.there.address)
        system, _secret = make_system(make_agent(case.desk, "Ola", "owner"), told_of, at=FIRST)
        app_case = AppCase.objects.create(system=system, ticket=case, contact=chitra)
        event = AppEvent.objects.create(case=app_case, contact=chitra, type="case.told", **told)
        return (lambda pk, at: tell(app_case.pk, at=at)), event

    return due


def fall_silent(others, how):
    is_silent = how == "silent"
    others.gateway.is_silent = others.service.silent = others.there.is_silent = is_silent
    others.gateway.status, others.there.statuses = (200, []) if is_silent else (how, [how])


def put_off(others):
    others.gateway.is_silent = others.service.silent = others.there.is_silent = False
    others.gateway.status, others.there.statuses = 503, [503]
    others.service.refuses = [cloud_api.Refusal(2, "Busy", status=503)]


@pytest.mark.parametrize("way", SILENT)
def test_a_reminder_over_which_a_way_fell_silent_goes_on_although_they_answered(
    case, chitra, others, reminder, way
):
    """It may be there: only what left is in the log, and "not sent" would not be true."""
    way, how = SILENT[way]
    do, row = reminder(way)
    fall_silent(others, how)
    tried(do, row)
    put_off(others)
    tried(do, row)
    assert row.state in ("queued", "sending")
    take_in_message(case, Written("This one."), channel="portal", at=FIRST, by=chitra)
    others.gateway.status, others.service.refuses = 200, []
    tried(do, row)
    assert row.state == "sent"
    assert kinds(case) == ["ReminderDue", "ReminderSent"]


@pytest.mark.parametrize("way", ["text", "WhatsApp", "app"])
def test_a_reminder_that_a_way_put_off_is_not_sent_once_they_answered(
    case, chitra, others, reminder, way
):
    do, row = reminder(way)
    put_off(others)
    tried(do, row)
    take_in_message(case, Written("This one."), channel="portal", at=FIRST, by=chitra)
    others.gateway.status, others.service.refuses = 200, []
    tried(do, row)
    assert (row.state, in_words(row.reason)[:9]) == ("dropped", "Not sent:")


@pytest.mark.parametrize("way", ["text", "WhatsApp", "app"])
def test_a_reminder_that_a_person_sends_again_leaves_although_they_answered(
    case, chitra, others, reminder, way
):
    do, row = reminder(way)
    put_off(others)
    tried(do, row)
    rows = type(row).objects.filter(pk=row.pk)
    rows.update(state="failed", next_try_at=None)
    take_in_message(case, Written("This one."), channel="portal", at=FIRST, by=chitra)
    others.gateway.status, others.service.refuses = 200, []
    assert send_again(rows, at=FIRST) == [row.pk]
    row.refresh_from_db()
    tried(do, row)
    assert row.state == "sent"


def tried(do, row):
    with suppress(TryAgain):
        do(row.pk, at=row.next_try_at)
    row.refresh_from_db()
