"""`deskbook apply`: a book is put into force at a terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deskbook.config.refusals import CommandRefused
from deskbook.server.processes import Version, desk

if TYPE_CHECKING:
    from deskbook.engine.desk import Desk
    from deskbook.engine.renaming import Renaming
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.carrying_over import DueTimeMove


def apply(argv: Sequence[str]) -> int:
    """Check a book and put it into force; with any error in it nothing changes."""
    parser = _parser()
    asked = parser.parse_args(argv)
    if asked.map and not asked.carry_over:
        parser.error("--map says what open tickets become: it goes with --carry-over")
    if not asked.back and not asked.book.is_file():
        raise CommandRefused(f"There is no file {asked.book}.")
    with desk(Version.MADE):
        return _apply(asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskbook apply", description=apply.__doc__)
    parser.add_argument(
        "book", type=Path, metavar="BOOK", help="its file name without .yaml is the desk's key"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="only list what it would do to open tickets",
    )
    parser.add_argument(
        "--carry-over", action="store_true", help="let open tickets follow it as well"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="what a stage, team, severity or value becomes that open tickets have and the book"
        " drops; once for each",
    )
    parser.add_argument(
        "--erase",
        action="store_true",
        help="what its lines of `keep` keep no longer may be erased tonight",
    )
    parser.add_argument(
        "--back", action="store_true", help="the version before the one in force, not the file"
    )
    return parser


def _apply(asked: argparse.Namespace) -> int:
    from deskbook.people.books import BookRefused, apply_book, read_book

    key, now = asked.book.stem, datetime.now(UTC)
    text = _text_before(key) if asked.back else asked.book.read_text(encoding="utf-8")
    try:
        new = read_book(key, text)
        mapped = _mapped(key, new, asked.map) if asked.carry_over else None
        moves = _moves(key, new, mapped, now)
        sys.stdout.write(_listed(moves, new, mapped, now))
        sys.stdout.write(_left_without(key, new) if mapped is None else "")
        ask_to_erase(asked, new, now)
        if asked.dry_run:
            sys.stdout.write(f"{len(moves)} due times would move; nothing was changed.\n")
            return 0
        helpdesk = apply_book(key, text, at=now, by=None)
    except BookRefused as error:
        raise CommandRefused(f"{error}\nNothing was changed.") from error
    sys.stdout.write(
        f"{helpdesk} runs on version {helpdesk.book_version} of its book.\n{_refuses_mail(new)}"
        f"{_still_waiting(helpdesk, now)}"
    )
    if mapped is not None:
        _carry_over(helpdesk, mapped, now)
    return 0


def ask_to_erase(asked: argparse.Namespace, new: Desk, at: datetime) -> None:
    """Says what a changed `keep` erases tonight, and refuses while nobody has said that it may."""
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.erasing import erased_anew

    helpdesk = HelpDesk.objects.filter(key=asked.book.stem).first()
    found = erased_anew(helpdesk, new, at=at) if helpdesk else []
    for line, cases in found:
        sys.stdout.write(
            f"Line {line.line}, {line.what}: {cases} closed cases are kept no longer.\n"
        )
    if not found or asked.dry_run or asked.erase:
        return
    if not sys.stdin.isatty() or input("Erase these tonight? Write yes: ").strip() != "yes":
        raise CommandRefused(
            "They would be erased tonight, and nobody said that they may: add --erase.\nNothing was"
            " changed."
        )


def _text_before(key: str) -> str:
    """The text of the version before the one in force. Refuses where there is none."""
    from deskbook.people.models import BookVersion

    two = list(BookVersion.objects.filter(desk__key=key).order_by("-number")[:2])
    if len(two) < 2:
        raise CommandRefused(f"There is no version of {key} to go back to.")
    return two[1].text


def _mapped(key: str, new: Desk, said: list[str]) -> Renaming:
    """What becomes of what open tickets have and the book drops; asked for at a terminal. Refuses
    while anything is left unsaid.
    """
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.carrying_over import left_without
    from deskbook.tickets.mapping import MappingRefused, mapped_in_words, read_mapping
    from deskbook.tickets.mapping import unmapped_in_words as unsaid

    helpdesk = HelpDesk.objects.filter(key=key).first()
    left = left_without(helpdesk, new, stages=True) if helpdesk else []
    try:
        mapped = read_mapping(said, left, new)
        while mapped.open and sys.stdin.isatty():
            one = mapped.open[0]
            answer = input(f"{unsaid([one], new)}\n{one.what} {one.title} = ").strip()
            said = [*said, f"{one.what} {one.key}={answer}"]
            mapped = read_mapping(said, left, new)
    except MappingRefused as error:
        raise CommandRefused(f"{error}\nNothing was changed.") from error
    if mapped.open:
        raise CommandRefused(f"{unsaid(mapped.open, new)}\nNothing was changed.")
    sys.stdout.write(mapped_in_words(mapped.renaming, left, new))
    return mapped.renaming


def _moves(key: str, new: Desk, renaming: Renaming | None, at: datetime) -> Sequence[DueTimeMove]:
    from deskbook.engine.decide_carry_over import AS_IT_IS
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.carrying_over import due_times_moved

    helpdesk = HelpDesk.objects.filter(key=key).first()
    return list(due_times_moved(helpdesk, new, renaming or AS_IT_IS, at=at)) if helpdesk else []


def _listed(
    moves: Sequence[DueTimeMove], new: Desk, renaming: Renaming | None, at: datetime
) -> str:
    """Each due time that would move, and whose requesters know another than the new book gives
    them.
    """
    from deskbook.engine.decide_carry_over import AS_IT_IS
    from deskbook.jobs.told_times import told_otherwise

    told = list(told_otherwise(moves, new, renaming or AS_IT_IS, at=at))
    lines = [
        f"{move.ticket} {move.clock}: {_shown(move.old_at)} → {_shown(move.new_at)} ({move.why})\n"
        for move in moves
    ]
    lines += [
        f"{ticket}: its requester was told {_shown(moved.told_at)}, and knows of no other time.\n"
        for ticket, moved in told
    ]
    if told:
        lines.append(f"Carried over, {len(told)} of these would be told the new time by letter.\n")
    return "".join(lines)


def _left_without(key: str, new: Desk) -> str:
    """What open tickets have and the new book has not: they keep it until somebody moves them."""
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.carrying_over import left_without

    helpdesk = HelpDesk.objects.filter(key=key).first()
    return "".join(
        f"The new book has no {left.what} “{left.title}”: {left.tickets} open tickets have it, and"
        " keep it until they are moved on or sorted anew.\n"
        for left in (left_without(helpdesk, new) if helpdesk else ())
    )


def _carry_over(helpdesk: HelpDesk, renaming: Renaming, at: datetime) -> None:
    from deskbook.engine.ticket import SYSTEM
    from deskbook.tickets.carrying_over import carry_all_over

    done, refused = carry_all_over(helpdesk, renaming, at=at, by=SYSTEM)
    sys.stdout.write("".join(f"{one.sentence}\n" for one in refused))
    sys.stdout.write(f"{done} open tickets were carried over.\n")


def _still_waiting(helpdesk: HelpDesk, at: datetime) -> str:
    """Who waits at a site for what the book no longer offers there."""
    from deskbook.channels.walk_in.queue import queue_at
    from deskbook.channels.walk_in.sites import sites_of

    queues = [queue_at(site, at=at) for site in sites_of(helpdesk)]
    return "".join(
        f"{queue.site.site.title}: {queue.waiting[service]} still waiting for {service}, which is"
        " not offered there any more. Every counter there calls them.\n"
        for queue in queues
        for service in queue.left_out
    )


def _refuses_mail(desk: Desk) -> str:
    """What to add to a book whose people may write by mail, and that names no address to
    write to.
    """
    if desk.mail or not desk.channel_of("email"):
        return ""
    return (
        "It takes no mail: the book names no address. Add the desk's own, like mail:"
        " [help@desk.example].\n"
    )


def _shown(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ") if at else "not due"
