"""Jira's REST v2, as far as a bridge needs it: Cloud with Basic, Data Center with Bearer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

import httpx

from deskbook.bridges.jira.models import JiraLink
from deskbook.people.outward import NotAllowed, outward_client
from deskbook.people.sealing import unsealed
from deskbook.refusals.kept import kept, stored

LARGEST_ANSWER = 5_000_000


class NotNow(Exception):
    """Jira was not reached, is busy, or has failed itself: to be tried again, after `wait_s` if
    Jira said so. The text says why, as it is kept.
    """

    def __init__(self, said: str, wait_s: int = 0) -> None:
        super().__init__(said)
        self.wait_s = wait_s


class Rejected(Exception):
    """Jira says no, and will say so again. The text says why, as it is kept; `status` is HTTP's."""

    def __init__(self, said: str, status: int = 0) -> None:
        super().__init__(said)
        self.status = status


@dataclass(frozen=True, slots=True)
class Move:
    """A transition as Jira offers it now: names are each workflow's own, what counts is where it
    leads.
    """

    id: str
    status: str


class Jira:
    """A connection to one link's Jira; close it, or use it in a `with`."""

    def __init__(self, link: JiraLink) -> None:
        secret = unsealed(link.token)
        self._link, self._client = link, outward_client()
        self._auth = httpx.BasicAuth(link.account, secret) if link.cloud else None
        self._headers = {"Accept": "application/json"} | (
            {} if link.cloud else {"Authorization": f"Bearer {secret}"}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self._client.close()

    def myself(self) -> str:
        """Returns how Jira names the account: the accountId of Cloud, the name of Data Center."""
        said = self._get("myself")
        return str(said.get("accountId") or said.get("name") or "")

    def find_issue(self, label: str) -> str:
        """Returns the key of the issue with a label in the project, or nothing."""
        words = f'project = "{self._link.project}" AND labels = "{label}"'
        path = "search/jql" if self._link.cloud else "search"
        found = (
            self._get(path, {"jql": words, "fields": "summary", "maxResults": "1"}).get("issues")
            or []
        )
        return str(found[0].get("key", "")) if found else ""

    def create_issue(self, fields: Mapping[str, Any]) -> str:
        """Returns the key of the new issue."""
        project = {
            "project": {"key": self._link.project},
            "issuetype": {"name": self._link.issue_type},
        }
        return str(self._post("issue", {"fields": {**project, **fields}}).get("key", ""))

    def link_back(self, key: str, url: str, title: str) -> None:
        """Shows the case on the issue; the same address is shown once."""
        self._post(
            f"issue/{_part(key)}/remotelink",
            {"globalId": url, "object": {"url": url, "title": title}},
        )

    def issue(self, key: str, fields: str) -> dict[str, Any]:
        """Returns the named fields of an issue. Raises Rejected with 404 when it is gone."""
        found: dict[str, Any] = (
            self._get(f"issue/{_part(key)}", {"fields": fields}).get("fields") or {}
        )
        return found

    def comment(self, key: str, text: str) -> None:
        self._post(f"issue/{_part(key)}/comment", {"body": text})

    def attach(self, key: str, name: str, data: bytes) -> None:
        files = {"file": (name, data, "application/octet-stream")}
        self._call(
            "POST",
            f"issue/{_part(key)}/attachments",
            files=files,
            headers={"X-Atlassian-Token": "no-check"},
        )

    def moves(self, key: str) -> list[Move]:
        """Returns the transitions open to the issue now."""
        found = self._get(f"issue/{_part(key)}/transitions").get("transitions") or []
        return [
            Move(str(one.get("id")), str((one.get("to") or {}).get("name", ""))) for one in found
        ]

    def move(self, key: str, transition: str) -> None:
        self._post(f"issue/{_part(key)}/transitions", {"transition": {"id": transition}})

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self._call("GET", path, params=dict(query or {}))

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("POST", path, json=body)

    def _call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        address = f"{self._link.base_url.rstrip('/')}/rest/api/2/{path}"
        try:
            answer = self._client.request(
                method,
                address,
                headers={**self._headers, **(headers or {})},
                auth=self._auth,
                **more,
            )
        except NotAllowed as problem:
            raise Rejected(stored(str(problem))) from problem
        except UnicodeEncodeError:
            raise Rejected(kept("jira.token"), 401) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
            raise NotNow(kept("jira.away", error=type(problem).__name__)) from problem
        return _understood(answer)


def _understood(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code == 429 or answer.status_code >= 500:
        wait = answer.headers.get("Retry-After", "")
        raise NotNow(
            kept("jira.later", status=str(answer.status_code)), int(wait) if wait.isdecimal() else 0
        )
    if answer.status_code >= 300:
        said = kept("jira.said", words=f"{answer.status_code} {_words(answer)}")
        raise Rejected(said, answer.status_code)
    if not answer.content or len(answer.content) > LARGEST_ANSWER:
        return {}
    try:
        said = answer.json()
    except ValueError as problem:
        raise Rejected(kept("jira.unreadable")) from problem
    return said if isinstance(said, dict) else {}


def _words(answer: httpx.Response) -> str:
    """Jira's own words for what is wrong, without the rest of the page."""
    try:
        said = answer.json()
    except ValueError:
        return answer.reason_phrase
    if not isinstance(said, dict):
        return answer.reason_phrase
    errors, messages = said.get("errors"), said.get("errorMessages")
    told = [str(message) for message in messages] if isinstance(messages, list) else []
    told += (
        [f"{field}: {text}" for field, text in errors.items()] if isinstance(errors, dict) else []
    )
    return " ".join(" ".join(told).split())[:250] or answer.reason_phrase


def _part(key: str) -> str:
    return quote(key, safe="")
