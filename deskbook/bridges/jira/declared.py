"""What Jira is to the rest of the desk."""

from datetime import datetime

from deskbook.bridges.jira import incoming, outgoing
from deskbook.bridges.jira.left_over import LEFT_OVER
from deskbook.bridges.jira.models import JiraEvent, JiraIssue
from deskbook.delivery.clearing import TOLD_KEPT, empty
from deskbook.delivery.connection import ByTheClock, Connection, Job
from deskbook.delivery.states import Taken
from deskbook.tickets.words_of_cases import Words


def _clear_events(at: datetime) -> int:
    done = (Taken.DONE, Taken.IGNORED)
    old = JiraEvent.objects.filter(state__in=done, came_at__lt=at - TOLD_KEPT)
    return empty(old.exclude(payload={}), payload={})


DECLARED = Connection(
    jobs=(
        Job(outgoing.JOB, outgoing.do_acts, "services"),
        Job("jira_event", incoming.take_event, "intake", True),
    ),
    by_the_clock={
        "jira_due_acts": ByTheClock("* * * * *", outgoing.do_due_acts, "services", is_alone=True)
    },
    of_desk={"event_id": (JiraEvent, "link__desk"), "issue_id": (JiraIssue, "ticket__desk")},
    clearing={"jira events": _clear_events},
    mirror=outgoing,
    words=(Words(JiraEvent, emptied={"payload": {}, "what": ""}),),
    left_over=LEFT_OVER,
    screens={"Jira": "console-jira-link"},
)
