"""The Jira of the demo: a link at each desk whose book gives Jira seats, and what it mirrors of its
last cases.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deskbook.bridges.jira.models import JiraAct, JiraIssue, JiraLink
from deskbook.delivery.states import State
from deskbook.demo.stand_ins.jira import ACCOUNT
from deskbook.people.models import HelpDesk
from deskbook.people.sealing import sealed
from deskbook.refusals.kept import kept
from deskbook.tickets.models import Message, Ticket

MIRRORED = {"mukta": ("egov",)}
"""Desk → teams whose cases are issues."""
STAGES = {
    "new": "To Do",
    "in progress": "In Progress",
    "waiting for the user": "Waiting",
    "resolved": "Done",
}
KEPT = 10


def keep_issues(helpdesk: HelpDesk, *, at: datetime) -> None:
    """Makes the link and the issues of the latest cases of its teams; one move is left over for a
    person.
    """
    teams = MIRRORED.get(helpdesk.key)
    if not teams:
        return
    link = _link(helpdesk, teams, at)
    latest = Ticket.objects.filter(desk=helpdesk, team__in=teams).order_by(
        "-last_activity_at", "-pk"
    )[:KEPT]
    issues = [
        JiraIssue(
            link=link,
            ticket=ticket,
            key=f"EGOV-{ticket.number}",
            status=STAGES.get(ticket.stage, "Done"),
            synced_at=ticket.last_activity_at,
        )
        for ticket in latest
    ]
    JiraIssue.objects.bulk_create(issues)
    JiraAct.objects.bulk_create([act for issue in issues for act in _done(issue)])
    if issues:
        _left_over(issues[0], at)


def _link(helpdesk: HelpDesk, teams: Sequence[str], at: datetime) -> JiraLink:
    return JiraLink.objects.create(
        desk=helpdesk,
        base_url="https://egov.example",
        project="EGOV",
        account="desk@mukta.example",
        token=sealed("demo"),
        webhook_secret=sealed("demo"),
        account_id=ACCOUNT,
        teams=list(teams),
        stages=STAGES,
        statuses={status: stage for stage, status in STAGES.items()},
        changed_at=at,
        heard_at=at,
    )


def _done(issue: JiraIssue) -> list[JiraAct]:
    opened_at, done = issue.ticket.opened_at, State.HANDED_OVER
    answers = issue.ticket.messages.filter(kind=Message.Kind.ANSWER).order_by("pk")
    return [
        JiraAct(
            issue=issue,
            kind=JiraAct.Kind.CREATE,
            key=f"create {issue.ticket_id}",
            state=done,
            attempts=1,
            queued_at=opened_at,
            sent_at=opened_at + timedelta(seconds=4),
        ),
        *(
            JiraAct(
                issue=issue,
                kind=JiraAct.Kind.COMMENT,
                key=f"comment {message.pk}",
                message=message,
                state=done,
                attempts=1,
                queued_at=message.at,
                sent_at=message.at + timedelta(seconds=2),
            )
            for message in answers
        ),
    ]


def _left_over(issue: JiraIssue, at: datetime) -> None:
    JiraAct.objects.create(
        issue=issue,
        kind=JiraAct.Kind.MOVE,
        key=f"demo move {issue.pk}",
        stage="resolved",
        attempts=1,
        state=State.GIVEN_UP,
        queued_at=at - timedelta(minutes=20),
        reason=kept("jira.no_way", now="To Do", wanted="Done", others="“In Progress”"),
    )
