"""The page of what can be in a log, made from the docstrings of events and jobs and from the table of what follows.

`python -m tests.events_page` writes it; a test says when that was forgotten.
"""

import inspect
import os
from pathlib import Path

import django

PAGE = Path(__file__).parents[1] / "docs/algorithms/events.md"
HEAD = """# What can be in a log

One line for each kind of event, from its class, and what follows from it, from `deskbook/jobs/reactions.py`. The page is made by
`python -m tests.events_page`: correct it there.

| event | says | what follows |
|---|---|---|
"""
JOBS = """
## What follows

| what follows | what it does |
|---|---|
"""


def page():
    """Return the page as it should stand."""
    from deskbook.engine.events import KINDS
    from deskbook.jobs.reactions import FOLLOWS

    kinds = [
        f"| {name} | {_text(kind)} | {', '.join(_named(job) for job in FOLLOWS[name].jobs)} |\n"
        for name, kind in KINDS.items()
    ]
    jobs = sorted({job for row in FOLLOWS.values() for job in row.jobs}, key=_named)
    return "".join((HEAD, *kinds, JOBS, *(f"| {_named(job)} | {_text(job)} |\n" for job in jobs)))


def _named(job):
    return job.__name__.replace("_", " ")


def _text(thing):
    """The first paragraph of what is said of a class or function."""
    return " ".join(inspect.getdoc(thing).partition("\n\n")[0].split())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(page())
