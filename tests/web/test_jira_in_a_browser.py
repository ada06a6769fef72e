"""The screens of the bridge as a browser shows them, on a phone and on a desk, in light and
dark.
"""

import pytest
from django.utils import timezone

from deskbook.bridges.jira.models import JiraAct, JiraIssue
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.bridges.jira.conftest import connect
from tests.bridges.jira.stub_jira import Jira
from tests.people_factory import make_agent, make_contact, make_desk
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser


@pytest.fixture
def omar(live_desk):
    desk = make_desk("mukta")
    link, chitra = connect(desk, Jira(1)), make_contact(desk)
    case = open_ticket(
        chitra, NewCase("It crashes", Written("Help"), "email"), at=timezone.now(), by=chitra
    ).ticket
    issue = JiraIssue.objects.create(
        link=link, ticket=case, key="MUK-1", status="To Do", synced_at=timezone.now()
    )
    JiraAct.objects.create(
        issue=issue,
        kind="move",
        key="m",
        state="failed",
        queued_at=timezone.now(),
        reason="From “To Do” Jira's workflow does not lead to “Done”. It leads to: “In Progress”.",
    )
    return make_agent(desk, "Omar", role="owner")


def test_everybody_can_use_them_and_nothing_is_cut_off(page, sign_in, omar):
    sign_in(page, omar.user)
    for address in ("/console/bridges/", "/console/bridges/jira", "/console/tickets/MUK-1"):
        page.goto(address)
        everybody_can_use(page, address)


def test_a_note_for_both_is_written_beside_the_issue(page, sign_in, omar):
    sign_in(page, omar.user)
    page.goto("/console/tickets/MUK-1")
    panel = page.locator("section[aria-label=Jira]")
    panel.locator("summary").click()
    panel.get_by_label("Note").fill("The logs are on the way.")
    panel.get_by_role("button", name="Note it here and there").click()
    page.locator("#timeline").get_by_text("The logs are on the way.").wait_for()
    assert "1 waits" in panel.inner_text()
