"""A Jira of the tests: Cloud or Data Center, with a workflow, one account's password, and bad
days.
"""

import base64
import json
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

WORKFLOW = {
    "To Do": {"11": "In Progress"},
    "In Progress": {"21": "Done", "22": "To Do"},
    "Done": {"31": "In Progress"},
}


class Jira:
    def __init__(self, port, cloud=True):
        self.address, self.cloud = f"http://127.0.0.1:{port}", cloud
        self.issues, self.calls, self.links = {}, [], []
        self.answers = []
        """Statuses to answer with before it works again: 429, 503 …"""
        self.after = None
        """Called after an act was done and before it is answered."""
        self.retry_after = "30"
        self.strange = {}
        """Path → what it answers instead."""
        self.forbidden = set()
        """Paths the account has no right to."""

    @property
    def authorization(self):
        if not self.cloud:
            return "Bearer token-1"
        return "Basic " + base64.b64encode(b"desk@mukta.example:token-1").decode()

    def create(self, fields):
        key = f"{fields['project']['key']}-{len(self.issues) + 1}"
        self.issues[key] = {
            **fields,
            "status": {"name": "To Do"},
            "comment": {"comments": []},
            "attachment": [],
        }
        return key


@contextmanager
def stub_jira(cloud=True):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.jira = Jira(server.server_address[1], cloud)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.jira
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        jira, address = self.server.jira, urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = address.path.removeprefix("/rest/api/2/")
        jira.calls.append(f"{self.command} {path}")
        if self.headers.get("Authorization") != jira.authorization:
            return self.said(401, {"errorMessages": ["Who are you?"]})
        if jira.answers:
            return self.said(jira.answers.pop(0), {})
        if path in jira.forbidden:
            return self.said(403, {"errorMessages": ["You may not comment here."]})
        if path in jira.strange:
            return self.said(200, jira.strange[path])
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        answer = self.answer(jira, path, query, data)
        if jira.after and self.command == "POST":
            jira.after(path)
        return self.said(*answer)

    do_POST = do_GET

    def answer(self, jira, path, query, data):
        if path == "myself":
            return 200, {"accountId": "deskbook-1"} if jira.cloud else {"name": "deskbook"}
        if path == ("search/jql" if jira.cloud else "search"):
            label = re.search(r'labels = "([^"]+)"', query["jql"])[1]
            return 200, {
                "issues": [
                    {"key": key} for key, one in jira.issues.items() if label in one["labels"]
                ]
            }
        if path.startswith("search"):
            return 410, {"errorMessages": ["This search is gone."]}
        if path == "issue":
            fields = json.loads(data)["fields"]
            if fields["issuetype"]["name"] not in ("Task", "Bug"):
                return 400, {
                    "errorMessages": [],
                    "errors": {"issuetype": "Specify a valid issue type"},
                }
            return 201, {"key": jira.create(fields)}
        return self.of_issue(jira, *path.split("/")[1:], data=data)

    def of_issue(self, jira, key, part="", *, data):
        issue = jira.issues.get(key)
        if issue is None:
            return 404, {
                "errorMessages": ["Issue does not exist or you do not have permission to see it."]
            }
        if part == "":
            return 200, {"key": key, "fields": issue}
        if part == "transitions" and self.command == "GET":
            ways = WORKFLOW[issue["status"]["name"]].items()
            return 200, {
                "transitions": [{"id": id_, "name": "Go", "to": {"name": to}} for id_, to in ways]
            }
        if part == "transitions":
            issue["status"] = {
                "name": WORKFLOW[issue["status"]["name"]][json.loads(data)["transition"]["id"]]
            }
            return 204, None
        if part == "comment":
            issue["comment"]["comments"].append({"body": json.loads(data)["body"]})
            return 201, {"id": "1"}
        if part == "attachments":
            assert self.headers["X-Atlassian-Token"] == "no-check"
            issue["attachment"].append(
                {"filename": re.search(rb'filename="([^"]+)"', data)[1].decode()}
            )
            return 200, []
        jira.links.append(json.loads(data)["globalId"])
        return 201, {}

    def said(self, status, body):
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", self.server.jira.retry_after)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words):
        pass
