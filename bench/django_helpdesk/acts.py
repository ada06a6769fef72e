"""The same acts at django-helpdesk, as an agent's browser asks for them."""

import base64
import json
import uuid
from urllib.parse import quote

from bench.pages import Browser

_TABLE = (
    "?draw=1&start=0&length=50&search%5Bvalue%5D=&order%5B0%5D%5Bcolumn%5D=2"
    "&order%5B0%5D%5Bdir%5D=asc"
)


def _asked(**more):
    query = {"filtering": {}, "sorting": "created", "sortreverse": False, "search_string": ""}
    return base64.b64encode(json.dumps(query | more).encode()).decode()


def list_open(given):
    """Its list is an empty page and the rows its script fetches: both are what a person waits
    for.
    """
    browser, rows = Browser(given), _asked(filtering={"status__in": [1, 2]})

    def act(rng):
        page, _ = browser.get("/tickets/")
        status, answer = browser.get(f"/datatables_ticket_list/{rows}{_TABLE}")
        return page == 200 == status and len(json.loads(answer)["data"]) >= 25

    return act


def ticket(given):
    browser = Browser(given)

    def act(rng):
        status, page = browser.get(f"/tickets/{rng.choice(given['ids'])}/")
        return status == 200 and b"commentBox" in page

    return act


def search_rare(given):
    return _search(given, "rare")


def search_common(given):
    return _search(given, "common")


def _search(given, which):
    browser = Browser(given)

    def act(rng):
        words = _asked(search_string=rng.choice(given[which]))
        status, answer = browser.get(f"/datatables_ticket_list/{quote(words)}{_TABLE}")
        return status == 200 and bool(json.loads(answer)["data"])

    return act


def create(given):
    browser = Browser(given)

    def act(rng):
        fields = {
            "queue": "1",
            "title": "The export of the grant list stops",
            "body": "It stops at line 12 with “value too long”.\nThe line looks like every other.",
            "priority": "3",
            "due_date": "",
            "submitter_email": rng.choice(given["addresses"]),
            "assigned_to": "",
        }
        return browser.post("/tickets/submit/", fields)[0] == 302

    return act


def reply(given):
    browser = Browser(given)

    def act(rng):
        fields = {
            "comment": f"We have found the cause and are testing a correction. {uuid.uuid4().hex}",
            "public": "1",
            "new_status": "1",
            "priority": "3",
            "title": "The export stops",
            "owner": "1",
            "queue": "1",
            "due_date": "",
            "time_spent": "",
        }
        number = rng.choice(given["answerable_ids"])
        return browser.post(f"/tickets/{number}/update/", fields)[0] == 302

    return act


ACTS = {
    "list of open, most urgent first": list_open,
    "one ticket": ticket,
    "search, rare word": search_rare,
    "search, common word": search_common,
    "create": create,
    "reply": reply,
}
