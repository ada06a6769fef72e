"""The Jira of a demo: it takes everything, keeps nothing, and knows one account. No call leaves the
machine.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from deskbook.bridges.jira.client import Jira
from deskbook.bridges.jira.models import JiraIssue, JiraLink

ACCOUNT = "deskbook-demo"


class PretendedJira(Jira):
    """Answers what a Jira would whose workflow leads from everywhere to everywhere."""

    def _call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        parts = path.split("/")
        if path == "myself":
            return {"accountId": ACCOUNT}
        if path == "issue":
            number = more["json"]["fields"]["labels"][-1].rpartition("-")[2]
            return {"key": f"{self._link.project}-{number}"}
        if method == "GET" and parts[-1] == "transitions":
            ways = sorted(set(self._link.stages.values()))
            return {"transitions": [{"id": name, "to": {"name": name}} for name in ways]}
        if method == "GET" and parts[0] == "issue":
            issue = JiraIssue.objects.filter(link=self._link, key=parts[1]).first()
            return {"fields": {"status": {"name": issue.status if issue else ""}}}
        return {}


def jira_of(link: JiraLink) -> Jira:
    """Returns a connection to a link's Jira, in a demo to the pretended one."""
    return PretendedJira(link) if settings.DESKBOOK_DEMO else Jira(link)
