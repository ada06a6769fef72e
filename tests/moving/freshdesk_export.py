"""A made-up account export of Freshdesk, as large as is asked for: what its tickets say is counted
on the way. Also for bench/moving.py.
"""

import json
import random
import zipfile
from datetime import UTC, datetime, timedelta

BEGAN = datetime(2022, 1, 3, 9, tzinfo=UTC)
SUBJECTS = (
    "Payroll run is empty",
    "Year end",
    "Cannot post the journal",
    "Login of a new colleague",
)
WORDS = (
    "the",
    "report",
    "posts",
    "journal",
    "ledger",
    "twice",
    "since",
    "Monday",
    "for",
    "all",
    "users",
)
GROUPS = {31: "Support", 32: "Development"}
FEW = 300
"""Tickets of a part, as Freshdesk cuts its exports."""


def write_export(path, tickets, *, people=None, seed=1):
    """Write a zip file of JSON parts and return [tickets, messages, files] and number → its texts,
    in the order they were said.
    """
    chance, people = random.Random(seed), people or max(5, tickets // 8)
    texts = {}
    files = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        users = [{"user": _user(n)} for n in range(people)] + [
            {"user": _agent(n)} for n in range(6)
        ]
        packed.writestr("Users0.json", json.dumps(users))
        packed.writestr(
            "Companies0.json", json.dumps([{"customer": _company(n)} for n in range(5)])
        )
        groups = [{"group": {"id": key, "name": name}} for key, name in GROUPS.items()]
        packed.writestr("Groups0.json", json.dumps(groups))
        for first in range(0, tickets, FEW):
            rows = [_ticket(n, people, chance) for n in range(first, min(first + FEW, tickets))]
            packed.writestr(
                f"Tickets{first // FEW}.json", json.dumps([{"helpdesk_ticket": r} for r in rows])
            )
            for row in rows:
                texts[str(row["display_id"])] = [
                    row["description"],
                    *(n["body"] for n in row["notes"]),
                ]
                for file in row["attachments"]:
                    packed.writestr(
                        f"attachments/{file['id']}/{file['content_file_name']}",
                        f"log of {row['id']}",
                    )
                    files += 1
    return [tickets, sum(map(len, texts.values())), files], texts


def _user(n):
    return {
        "id": 1000 + n,
        "name": f"Person {n}",
        "email": f"person{n}@school{n % 5}.example",
        "customer_id": 50 + n % 5,
    }


def _agent(n):
    return {
        "id": 10 + n,
        "name": f"Agent {n}",
        "email": f"agent{n}@desk.example",
        "helpdesk_agent": True,
    }


def _company(n):
    return {"id": 50 + n, "name": f"School {n}", "domains": f"school{n}.example"}


def _ticket(n, people, chance):
    at = BEGAN + timedelta(minutes=97 * n)
    requester, status = 1000 + n % people, chance.choice((2, 3, 4, 5, 5, 5, 5, 5))
    row = {
        "id": 7_000_000 + n,
        "display_id": n + 1,
        "subject": f"{chance.choice(SUBJECTS)} {n}",
        "description": _words(chance, n, 0),
        "requester_id": requester,
        "responder_id": 10 + n % 6,
        "group_id": 31 + n % 2,
        "status": status,
        "priority": 1 + n % 4,
        "source": 1 + n % 3,
        "ticket_type": "Question",
        "created_at": at.isoformat(),
        "updated_at": (at + timedelta(days=9)).isoformat(),
        "custom_field": {"module_4711": "GL"},
        "tags": [{"name": "k12"}],
        "attachments": [],
        "notes": [],
    }
    if n % 5 == 0:
        row["attachments"] = [
            {
                "id": 90_000 + n,
                "content_file_name": f"log {n}.txt",
                "content_content_type": "text/plain",
            }
        ]
    for k in range(1, 1 + chance.randrange(6)):
        answer = k % 2 == 1
        body = _words(chance, n, k)
        row["notes"].append(
            {
                "id": 9_000_000 + n * 10 + k,
                "body": body,
                "body_html": f"<div>{body}</div>",
                "user_id": 10 + n % 6 if answer else requester,
                "incoming": not answer,
                "private": answer and k == 3,
                "created_at": (at + timedelta(hours=5 * k)).isoformat(),
            }
        )
    return row


def _words(chance, n, k):
    return f"Ticket {n}, message {k}: " + " ".join(chance.choices(WORDS, k=40))
