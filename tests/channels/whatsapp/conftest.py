"""The campaign's desk with a WhatsApp number, the service at the other end, and jobs done when a
test says so.
"""

import json
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from deskbook.channels.whatsapp.accounts import Entered, keep_account
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.demo.stand_ins import cloud_api
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from tests.campaign import running_campaign
from tests.people_factory import make_agent
from tests.whatsapp_service import BUSINESS, SECRET, TOKEN, TOMAS, VERIFY, running_service


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def desk(db, now):
    return running_campaign(now)


@pytest.fixture
def account(desk, now):
    entered = Entered(BUSINESS.phone_number_id, BUSINESS.display_number, SECRET, TOKEN, VERIFY)
    return keep_account(desk, entered, at=now, by=None)


@pytest.fixture
def service(account, settings):
    with running_service() as service:
        settings.DESKBOOK_WHATSAPP_URL = service.url
        yield service


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("help desk", "local support"))


@pytest.fixture
def post(client, service):
    """Post a webhook to the desk, signed; a wrong signature can be given."""

    def posted(webhook, signature=None, body=None):
        for entry in webhook["entry"] if webhook else ():
            for message in entry["changes"][0]["value"].get("messages", ()):
                service.wrote_at.setdefault(
                    message.get("from") or message.get("from_user_id"), service.now()
                )
        body = body or cloud_api.body_of(webhook)
        signed = cloud_api.signature(SECRET, body) if signature is None else signature
        return client.post(
            "/hooks/whatsapp/salama/",
            body,
            content_type="application/json",
            headers={"X-Hub-Signature-256": signed},
        )

    return posted


@pytest.fixture
def says(service, post):
    """Let somebody write to the desk, and do what follows."""

    def said(
        text="O aplicativo não sincroniza", user=TOMAS, at=None, kind="text", content=None, **more
    ):
        at = at or datetime.now(UTC)
        service.wrote(user, at)
        webhook = cloud_api.message(BUSINESS, user, kind, content or {"body": text}, at=at, **more)
        assert post(webhook).status_code == 200
        do_jobs()
        return webhook["entry"][0]["changes"][0]["value"]["messages"][0]["id"]

    return said


@pytest.fixture
def answers(asha):
    """Answer the only case, and do what follows."""

    def answered(text="Tente de novo com rede", files=(), at=None, forgiving=False):
        ticket = Ticket.objects.get()
        written = Written(text, files=[File(*file) for file in files])
        answer_ticket(ticket, written, at=at or datetime.now(UTC), by=asha)
        return do_jobs(forgiving)

    return answered


@pytest.fixture
def told(post, now):
    """Tell what became of a message of ours."""

    def tell(wamid, word, **more):
        assert (
            post(cloud_api.status(BUSINESS, TOMAS, wamid, word, at=now, **more)).status_code == 200
        )
        return do_jobs()

    return tell


def sent(form="text", purpose="answer"):
    return WhatsAppOutgoing.objects.filter(form=form, purpose=purpose).order_by("part", "pk")


def do_jobs(forgiving=False):
    """Do every job that is due, as a worker would, but leave mails queued; return the errors of
    those that failed.
    """
    failed = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'succeeded' where id = (select id from"
                " procrastinate_jobs where status = 'todo' and task_name <> 'deliver_mail' and"
                " (scheduled_at is null or scheduled_at <= now()) order by priority desc, id limit"
                " 1) returning task_name, args"
            )
            found = cursor.fetchone()
        if found is None:
            return failed
        name, arguments = found
        try:
            # A worker's threads give their connection back after each job; a test has one for all
            # of it.
            with patch("deskbook.tasks.close_old_connections"):
                app.tasks[name].func(**_arguments(arguments))
        except Exception as failure:
            if not forgiving:
                raise
            failed.append((name, _arguments(arguments), failure))


def _arguments(given):
    return json.loads(given) if isinstance(given, str) else given


HOUR = timedelta(hours=1)
