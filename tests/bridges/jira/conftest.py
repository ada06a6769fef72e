"""MUKTASoft's desk, its Jira, and a case that is about to reach eGov."""

import hashlib
import hmac
import json

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.bridges.jira.models import JiraLink
from deskbook.people.sealing import sealed
from deskbook.tickets.messages import File, Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.bridges.jira.stub_jira import stub_jira
from tests.people_factory import make_agent, make_contact, make_desk


def connect(desk, jira, **changes):
    return JiraLink.objects.create(
        **{
            "desk": desk,
            "base_url": jira.address,
            "project": "MUK",
            "cloud": jira.cloud,
            "account": "desk@mukta.example",
            "token": sealed("token-1"),
            "webhook_secret": sealed("hook-secret"),
            "account_id": "deskbook-1" if jira.cloud else "deskbook",
            "teams": ["egov"],
            "changed_at": timezone.now(),
            "stages": {"new": "To Do", "in progress": "In Progress", "resolved": "Done"},
            "statuses": {"In Progress": "in progress", "Done": "resolved", "Reopened": "new"},
            "priorities": {"p1": "Highest"},
            **changes,
        }
    )


@pytest.fixture
def desk(db):
    return make_desk("mukta")


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("help desk",))


@pytest.fixture
def chitra(desk):
    return make_contact(desk)


@pytest.fixture(params=[True, False], ids=["Cloud", "Data Center"])
def jira(request, settings):
    settings.DESKBOOK_PRIVATE_HOSTS = ("127.0.0.1",)
    with stub_jira(request.param) as jira:
        yield jira


@pytest.fixture
def link(desk, jira):
    return connect(desk, jira)


@pytest.fixture
def case(chitra):
    written = Written(
        "Since Monday. [~admin] {panel}", files=(File("roll.csv", "text/csv", b"a,b"),)
    )
    new = NewCase("The muster roll is empty", written, "email", severity="p1")
    return open_ticket(chitra, new, at=timezone.now(), by=chitra).ticket


@pytest.fixture
def told():
    """Tell the desk something as Jira does; return the response."""

    def told(event, identifier="", secret="hook-secret", desk="mukta"):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        headers = {
            "X-Hub-Signature": "sha256="
            + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        }
        if identifier:
            headers["X-Atlassian-Webhook-Identifier"] = identifier
        return Client().post(
            f"/hooks/jira/{desk}/", body, content_type="application/json", headers=headers
        )

    return told


@pytest.fixture
def follows():
    """Let what follows from recorded entries happen, as the worker does."""
    from deskbook.bridges.jira.models import JiraIssue
    from deskbook.bridges.jira.outgoing import do_acts, mirror

    def follows(recorded, at=None):
        for entry in recorded.entries:
            mirror(entry.pk, at=at or timezone.now())
        for issue in JiraIssue.objects.all():
            do_acts(issue.pk, at=at)
        return recorded

    return follows


@pytest.fixture
def mirrored(case, asha, link, follows):
    """The case has reached eGov and is an issue."""
    from deskbook.tickets.assignment import hand_over_ticket

    follows(hand_over_ticket(case, "egov", at=timezone.now(), by=asha))
    return case
