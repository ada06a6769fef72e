"""Where an owner connects programs that are told what happens, and sees what they answered."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.bridges.webhooks.telling import tell
from deskbook.delivery.states import State
from deskbook.people import outward
from deskbook.refusals.kept import kept
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.app.other_system import running_system
from tests.people_factory import make_agent, make_contact, make_desk
from tests.web.api.conftest import program_of
from tests.web.test_roster_screen import text

pytestmark = pytest.mark.django_db
HOOKS = "/console/connections/webhooks/"
TYPED = {"name": "Warehouse", "address": "https://warehouse.example.org/desk"}


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


@pytest.fixture
def console(desk):
    client = Client()
    client.force_login(make_agent(desk, "Olga", "owner").user)
    return client


def opened_case(contact):
    new = NewCase("Printer is on fire", Written("Water, quick."), "portal")
    return open_ticket(contact, new, at=timezone.now(), by=contact).ticket


@pytest.fixture
def hook(console):
    console.post(HOOKS, TYPED | {"kinds": ["Opened", "Closed"]})
    return Webhook.objects.get()


def refused_call(hook, desk):
    """Return an event that was refused."""
    ticket = opened_case(make_contact(desk, "Chitra"))
    now = timezone.now()
    return WebhookCall.objects.create(
        webhook=hook,
        ticket=ticket,
        entry=ticket.log.first(),
        state=State.BOUNCED,
        reason=kept("elsewhere.said", status="422"),
        status=422,
        answer="<b>no such field</b>",
        queued_at=now,
        tried_at=now,
        ended_at=now,
    )


def test_its_secret_is_shown_once_and_kept_sealed(console):
    page = text(console.post(HOOKS, TYPED))
    secret = re.search(r"whsec_[\w+/=]{40,}", page)[0]
    assert secret not in text(console.get(HOOKS))
    assert secret not in str(Webhook.objects.values())


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(console):
    page = console.post(HOOKS, {"name": "Warehouse", "address": "nowhere", "kinds": ["Closed"]})
    assert page.status_code == 422
    said = text(page)
    assert "“nowhere” is no address of a service" in said
    assert 'value="Warehouse"' in said
    assert re.search(r'value="Closed"\s+checked', said)
    assert not Webhook.objects.exists()


def test_a_name_that_there_is_is_refused_in_words(console, hook):
    page = console.post(HOOKS, TYPED)
    assert page.status_code == 409
    assert "There is a webhook “Warehouse” already" in text(page)


def test_what_it_answered_is_shown_with_why_and_told_again_by_a_button(console, hook, desk):
    call = refused_call(hook, desk)
    page = text(console.get(f"{HOOKS}{hook.pk}/"))
    assert "The system answered 422." in page
    assert "&lt;b&gt;no such field&lt;/b&gt;" in page
    console.post(f"{HOOKS}calls/{call.pk}/again")
    call.refresh_from_db()
    assert call.state == State.WAITING
    assert "1 event waits to be told" in text(console.get(f"{HOOKS}{hook.pk}/"))


def test_all_since_an_instant_is_told_again(console, hook, desk):
    opened_case(make_contact(desk, "Chitra"))
    WebhookCall.objects.all().delete()
    since = (timezone.now() - timedelta(days=1)).isoformat()
    page = console.post(f"{HOOKS}{hook.pk}/replay", {"since": since}, follow=True)
    assert "1 event is told again." in text(page)
    assert WebhookCall.objects.get().entry.kind == "Opened"
    wrong = console.post(f"{HOOKS}{hook.pk}/replay", {"since": "yesterday"})
    assert wrong.status_code == 422
    assert "Give a date and a time." in text(wrong)


def resting(hook, desk):
    """Have a program not take what happened, so that it is left in peace."""
    case = opened_case(make_contact(desk, "Chitra"))
    later = timezone.now() + timedelta(minutes=20)
    for entry in case.log.order_by("seq"):
        WebhookCall.objects.create(
            webhook=hook, ticket=case, entry=entry, queued_at=timezone.now(), next_try_at=later
        )
    Webhook.objects.update(trouble=kept("elsewhere.said", status="500"), not_before=later)
    return case


@pytest.fixture
def there(settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.0/8",)
    with running_system() as running:
        yield running


def test_another_address_is_asked_at_once(console, hook, desk, there):
    case = resting(hook, desk)
    console.post(f"{HOOKS}{hook.pk}/", {"name": "Warehouse", "address": there.address})
    hook.refresh_from_db()
    assert (hook.address, hook.kinds, hook.trouble) == (there.address, [], "")
    [job] = ProcrastinateJob.objects.filter(task_name="tell_webhook", status="todo")
    tell(**job.args)
    told = [event["type"] for event in there.told]
    assert told == [entry.kind for entry in case.log.order_by("seq")]


def test_another_name_that_there_is_is_refused_in_words_and_nothing_typed_is_lost(console, hook):
    console.post(HOOKS, TYPED | {"name": "Depot"})
    other = {"name": "Depot", "address": "https://other.example.org/"}
    page = console.post(f"{HOOKS}{hook.pk}/", other)
    assert page.status_code == 409
    assert "There is a webhook “Depot” already" in text(page)
    assert 'value="https://other.example.org/"' in text(page)
    hook.refresh_from_db()
    assert hook.name == "Warehouse"


def test_a_new_secret_is_shown_once(console, hook):
    page = text(console.post(f"{HOOKS}{hook.pk}/secret"))
    assert "whsec_" in page
    assert "The secret of before is valid until" in page


def test_one_that_ended_is_gone_from_the_list(console, hook):
    console.post(f"{HOOKS}{hook.pk}/ending")
    assert "No program is told" in text(console.get(HOOKS))
    assert console.get(f"{HOOKS}{hook.pk}/").status_code == 404


def test_leads_and_owners_of_other_desks_do_not_come_here(hook, desk):
    stranger = make_agent(make_desk("mukta"), "Omar", "owner")
    for agent in (make_agent(desk, "Bala", "lead"), stranger):
        client = Client()
        client.force_login(agent.user)
        assert client.get(f"{HOOKS}{hook.pk}/").status_code == 404
        assert client.post(f"{HOOKS}{hook.pk}/secret").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_its_name_is_asked_for_before_a_transaction_begins(console, desk, monkeypatch):
    """A name server may take seconds, in which a transaction would hold what it had locked."""
    within = []

    def asked(*_args, **_more):
        within.append(connection.in_atomic_block)
        raise OSError("nobody knows it")

    monkeypatch.setattr(outward.socket, "getaddrinfo", asked)
    console.post(HOOKS, TYPED)
    hook = Webhook.objects.get()
    console.post(f"{HOOKS}{hook.pk}/", TYPED | {"name": "Store"})
    hook.refresh_from_db()
    script = program_of(desk.agents.get())
    made = script.post("hooks", TYPED)
    assert (hook.name, made.status_code, within) == ("Store", 201, [False] * 3)
