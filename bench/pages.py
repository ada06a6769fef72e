"""The measured acts as HTTP requests of a signed-in agent, each on a connection that is kept
open.
"""

import http.client
import uuid
from urllib.parse import quote, urlencode, urlsplit

TOKEN = "b" * 32  # the double-submit cookie is the client's to choose
WAITED = 20
"""Seconds after which a client waits no longer: the request is counted as an error."""


class Browser:
    """One connection with the agent's cookies."""

    def __init__(self, given):
        self.given = given
        self.connection = http.client.HTTPConnection(
            urlsplit(given["address"]).netloc, timeout=WAITED
        )
        self.cookies = {"Cookie": f"{given['cookie']}; csrftoken={TOKEN}"}

    def get(self, path):
        return self._answer("GET", path, None, self.cookies)

    def post(self, path, fields):
        headers = {
            **self.cookies,
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._answer("POST", path, urlencode(fields), headers)

    def _answer(self, method, path, body, headers):
        self.connection.request(method, path, body, headers)
        try:
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except TimeoutError:
            self.connection.close()  # the next request opens it anew
            return 504, b""


def list_open(given):
    browser = Browser(given)

    def act(rng):
        status, page = browser.get("/console/?queue=open")
        return status == 200 and page.count(b"SPR-") >= 50

    return act


def ticket(given):
    browser = Browser(given)

    def act(rng):
        number = rng.choice(given["numbers"])
        status, page = browser.get(f"/console/tickets/{number}")
        return status == 200 and number.encode() in page

    return act


def search_rare(given):
    return _search(given, "rare")


def search_common(given):
    return _search(given, "common")


def _search(given, which):
    browser = Browser(given)

    def act(rng):
        status, page = browser.get(f"/console/search?q={quote(rng.choice(given[which]))}")
        return status == 200 and b"SPR-" in page

    return act


def create(given):
    browser = Browser(given)

    def act(rng):
        fields = {
            "requester": rng.choice(given["addresses"]),
            "subject": "The export of the grant list stops",
            "text": "It stops at line 12 with “value too long”.\nThe line looks like every other.",
            "channel": "phone",
            "severity": "s3",
            "facet.type": "issue",
            "client_key": uuid.uuid4().hex,
        }
        return browser.post("/console/tickets/new", fields)[0] == 302

    return act


def reply(given):
    browser = Browser(given)

    def act(rng):
        fields = {
            "act": "answer",
            "text": "We have found the cause and are testing a correction.",
            "last_seen": "999999",
            "client_key": uuid.uuid4().hex,
        }
        return (
            browser.post(f"/console/tickets/{rng.choice(given['answerable'])}/writing", fields)[0]
            == 302
        )

    return act


ACTS = {
    "list of open, most urgent first": list_open,
    "one ticket": ticket,
    "search, rare word": search_rare,
    "search, common word": search_common,
    "create": create,
    "reply": reply,
}
