"""`deskbook publish`: the policy that people read, made of the book that runs the desk."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from deskbook.book.commands import day_as_typed
from deskbook.book.load import WrongBook, load_book
from deskbook.config.refusals import CommandRefused
from deskbook.server.loading import staying

AGENTS_READ = ("en", "pt")


def publish(argv: Sequence[str]) -> int:
    """Write the policy that a book makes, for everybody to read, or the manual of those who work
    by it. No database is needed. Returns 2 when the book has errors.
    """
    parser = argparse.ArgumentParser(prog="deskbook publish", description=publish.__doc__)
    parser.add_argument("book", type=Path, metavar="BOOK")
    parser.add_argument("--lang", metavar="LANGUAGE", help="pt, ml …; the book's first without it")
    parser.add_argument("--format", choices=("html", "md"), default="html")
    parser.add_argument(
        "--manual", action="store_true", help="the manual of those who work at the desk"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write it there; without, print it"
    )
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=day_as_typed,
        default=datetime.now(UTC).date(),
        help="the day it says it was written on; today without it",
    )
    asked = parser.parse_args(argv)
    try:
        text = _published(asked)
    except WrongBook as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def _published(asked: argparse.Namespace) -> str:
    loaded = load_book(asked.book)
    desk, book = loaded.desk_or_raise(), loaded.book
    assert book is not None
    _start_django()
    from django.conf import settings

    from deskbook.web.policy.written import written

    language = asked.lang or desk.languages[0]
    spoken = AGENTS_READ if asked.manual else tuple(dict(settings.LANGUAGES))
    if language not in spoken:
        what = "the manual" if asked.manual else "a policy"
        known = ", ".join(spoken)
        raise CommandRefused(f"{what} is written in {known}, not in {language}: say --lang")
    on: date = asked.today
    return written(desk, book, language, form=asked.format, for_agents=asked.manual, on=on)


def _start_django() -> None:
    """Load Django for its words and templates. A key that signs nothing keeps it from making one,
    and a folder for it.
    """
    import django

    os.environ.setdefault("DESKBOOK_SECRET_KEY", secrets.token_urlsafe(48))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbook.config.settings")
    with staying():
        django.setup()
