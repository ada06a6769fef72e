"""Measures how long a directory of a hundred thousand people takes to be read, and to be taken in.

    python -m bench.directory [--people 100000]

Starts a database in a folder of its own and uploads the list as a team lead does, without the wait
for a worker.
"""

import argparse
import os
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

from bench.dataset import database

OFFICES = 33_000
BOOK = """
deskbook: 1
name: Pay desk
zone: Asia/Kolkata
prefix: PAY
channels:
  email:
hours:
  always: { mon-sun: 00:00-24:00 }
stages:
  received: { means: It has come. }
  answered: { solved: yes }
  closed: { closed: yes }
"""


def directory(people):
    """Return the list as a file: name, mail, telephone, number and office of each."""
    lines = (
        f"Person {n},p{n}@north.example,+1416{n:07},{n},Office {n % OFFICES}" for n in range(people)
    )
    return "\n".join(["name,mail,phone,pen,office", *lines]).encode()


def measured(people):
    """Return the seconds of reading and of taking in, and what `looked_for` does."""
    from deskbook.people.agents import invite_agent
    from deskbook.people.books import apply_book
    from deskbook.people.lists.uploads import accept_upload, read_upload, take_upload, write_upload
    from deskbook.people.models import Contact
    from deskbook.server.migration import migrate_alone

    migrate_alone()
    now = datetime.now(UTC)
    lead = invite_agent(
        apply_book("pay", BOOK, at=now, by=None), "bala@desk.example", name="Bala", role="lead"
    )
    began = time.monotonic()
    upload = read_upload(
        take_upload(lead, "contacts", "directory.csv", directory(people), at=now).pk, at=now
    )
    read = time.monotonic()
    accept_upload(upload)
    done = write_upload(upload.pk, at=now + timedelta(minutes=1))
    if done.state != "done" or Contact.objects.count() != people:
        sys.exit(f"not taken in: {done.state} {done.problem}")
    written = time.monotonic()
    return read - began, written - read, looked_for(lead, people)


def looked_for(agent, people):
    """Return the median milliseconds of finding somebody, by what was typed, and who reads a table
    of people whole for it.
    """
    from django.db import connection

    from deskbook.channels.phone.callers import callers_like
    from deskbook.web.acts.whom import contacts_like

    with connection.cursor() as cursor:
        cursor.execute("analyze")
    typed = {
        "PEN": str,
        "name": lambda n: f"Person {n}",
        "number": lambda n: f"+1416{n:07}",
        "middle of a name": lambda n: str(n)[:4],
        "letter": lambda n: "p",
        "office": lambda n: f"Office {n % OFFICES}",
    }
    said = {}
    for look in (callers_like, contacts_like):
        for what, text in typed.items():
            look(agent, text(1))
            took, asked = [], []
            for n in random.Random(1).sample(range(people), 20):
                began = time.monotonic()
                look(agent, text(n))
                took.append(time.monotonic() - began)
            with connection.execute_wrapper(_noted(asked)):
                look(agent, text(people // 2))
            whole = {one for one in map(_read_whole, asked) if one}
            said[f"{look.__name__} by {what}"] = 1000 * statistics.median(took), whole
    return said


def _noted(asked):
    def noted(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    return noted


def _read_whole(asked):
    """Return the table of people that a statement reads from end to end, if it does."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"explain {asked[0]}", asked[1])
        plan = " ".join(line for (line,) in cursor.fetchall())
    found = re.search(r"Seq Scan on (deskbook_contact\w*)", plan)
    return found[1] if found else ""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="deskbook-bench-") as folder:
        os.environ["DESKBOOK_DATA"] = folder
        with database():
            read, written, said = measured(people)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        f"{people:,} people: read in {read:.1f} s, taken in in {written:.1f} s, {most} MB at most\n"
    )
    for what, (took, whole) in said.items():
        reads = f", reads all of {', '.join(whole)}" if whole else ""
        sys.stdout.write(f"{what}: {took:.1f} ms{reads}\n")


if __name__ == "__main__":
    main()
