"""The Jira of a demo: it takes everything, keeps nothing, and knows one account.

Its workflow leads from everywhere to everywhere.
"""

import json
from typing import Any

import httpx

from deskbook.bridges.jira.models import JiraIssue, JiraLink

ACCOUNT = "deskbook-demo"
PATH = "/rest/api/2/"


def answer(request: httpx.Request) -> dict[str, Any]:
    """Returns what a Jira would say to a call of its REST interface."""
    parts = request.url.path.partition(PATH)[2].split("/")
    match request.method, parts:
        case _, ["myself"]:
            return {"accountId": ACCOUNT}
        case "POST", ["issue"]:
            fields = json.loads(request.content)["fields"]
            return {"key": f"{fields['project']['key']}-{fields['labels'][-1].rpartition('-')[2]}"}
        case "GET", ["issue", key, "transitions"]:
            return {"transitions": [{"id": name, "to": {"name": name}} for name in _statuses(key)]}
        case "GET", ["issue", key]:
            issue = JiraIssue.objects.filter(key=key).first()
            return {"fields": {"status": {"name": issue.status if issue else ""}}}
    return {}


def _statuses(key: str) -> list[str]:
    links = JiraLink.objects.filter(project=key.rpartition("-")[0])
    return sorted({status for link in links for status in link.stages.values()})
