"""The texts and the issues of a demo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.bridges.jira.models import JiraAct, JiraIssue
from deskbook.channels.sms.models import SmsGateway, TextMessage
from deskbook.demo.past.jira import keep_issues
from deskbook.demo.past.texts import keep_texts
from deskbook.people.contacts import find_or_make_contact
from deskbook.tickets.assignment import hand_over_ticket
from deskbook.tickets.conversation import acknowledge_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_desk


@pytest.fixture
def desk(db):
    desk = make_desk("mukta")
    caller = find_or_make_contact(desk, "phone", "+916010000001", sign_in=False)
    asha = make_agent(desk)
    for number in range(5):
        at = timezone.now() - timedelta(hours=number)
        case = open_ticket(
            caller, NewCase(f"Case {number}", Written("x"), "phone"), at=at, by=asha
        ).ticket
        acknowledge_ticket(case, "phone", at=at)
        hand_over_ticket(case, "egov", at=at, by=asha)
    return desk


def test_a_demo_has_texts_of_every_state(desk):
    keep_texts(desk, at=timezone.now())
    states = sorted(TextMessage.objects.values_list("state", flat=True))
    assert states == ["bounced", "delivered", "delivered", "delivered", "sent"]
    assert SmsGateway.objects.get().active


def test_a_demo_has_issues_and_something_left_over(desk):
    keep_issues(desk, at=timezone.now())
    assert JiraIssue.objects.count() == 5
    assert JiraAct.objects.filter(state="failed").count() == 1


def test_a_desk_without_texts_or_a_tracker_has_none(db):
    desk = make_desk("sparkrock")
    keep_texts(desk, at=timezone.now())
    keep_issues(desk, at=timezone.now())
    assert not SmsGateway.objects.exists()
    assert not JiraIssue.objects.exists()
