"""Measures how long a directory of a hundred thousand people takes to be read, and to be taken in.

    python -m bench.directory [--people 100000]

Starts a database in a folder of its own and uploads the list as a team lead does, without the wait
for a worker.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

from bench.dataset import database

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
        f"Person {n},p{n}@north.example,+1416{n:07},{n},Office {n % 400}" for n in range(people)
    )
    return "\n".join(["name,mail,phone,pen,office", *lines]).encode()


def measured(people):
    """Return the seconds of reading and of taking in."""
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
    return read - began, time.monotonic() - read


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
            read, written = measured(people)
    sys.stdout.write(f"{people:,} people: read in {read:.1f} s, taken in in {written:.1f} s\n")


if __name__ == "__main__":
    main()
