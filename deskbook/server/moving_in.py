"""`deskbook import`: what a desk had in another system comes along."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from deskbook.config.refusals import CommandRefused
from deskbook.server.accounts import helpdesk_called
from deskbook.server.processes import desk

if TYPE_CHECKING:
    from deskbook.moving.models import Move
    from deskbook.people.models import HelpDesk
    from deskbook.refusals.refusal import Refused

_EACH_S = 5.0
"""Seconds between two lines that say how far it is."""


def bring(argv: Sequence[str]) -> int:
    """Take the tickets of another system into a desk, with all that was said on them. Nobody is
    told of it; what came before does not come again.
    """
    asked = _parser().parse_args(argv)
    if not asked.file.exists():
        raise CommandRefused(f"There is no file {asked.file}.")
    with desk():
        return _bring(asked)


def _parser() -> argparse.ArgumentParser:
    from deskbook.moving.sources import SOURCES

    parser = argparse.ArgumentParser(prog="deskbook import", description=bring.__doc__)
    parser.add_argument(
        "source", choices=sorted(SOURCES), metavar="FORMAT", help=", ".join(SOURCES)
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file, a folder or a zip file")
    parser.add_argument("--desk", required=True, metavar="KEY", help="the desk they come to")
    parser.add_argument(
        "--map", type=Path, metavar="FILE", help="YAML: what its words are in the desk's book"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="only say what would come, and as what"
    )
    parser.add_argument(
        "--left-out",
        type=Path,
        metavar="FILE",
        help="write what does not come along, and why, as CSV",
    )
    return parser


def _bring(asked: argparse.Namespace) -> int:
    from deskbook.moving.models import Move
    from deskbook.refusals.refusal import Refused

    helpdesk = helpdesk_called(asked.desk)
    move = Move(desk=helpdesk, source=asked.source, name=asked.file.name[:200])
    move.begun_at, move.state = datetime.now(UTC), Move.State.WRITING
    try:
        _go(move, asked)
    except Refused as wrong:
        _write_left_out(move, asked.left_out)
        sys.stdout.write(_found(move) if move.found else "")
        if asked.dry_run and move.pk:
            move.delete()
        raise CommandRefused(f"{_where(wrong, asked)}{wrong}\n{_what_is_here(move)}") from wrong
    _write_left_out(move, asked.left_out)
    sys.stdout.write(_found(move))
    if asked.dry_run:
        move.delete()
        sys.stdout.write("Nothing was written.\n")
        return 0
    move.state, move.finished_at = Move.State.DONE, datetime.now(UTC)
    move.save(update_fields=["state", "finished_at"])
    sys.stdout.write(f"{_what_is_here(move)} Nobody was told of it.\n")
    return 0


def _where(wrong: Refused, asked: argparse.Namespace) -> str:
    """Says in which line of the map it stands, where it is the map that is wrong."""
    from deskbook.moving.words import line_of_from

    if wrong.refusal.code != "moving: map from" or asked.map is None:
        return ""
    line = line_of_from(asked.map.read_text(encoding="utf-8"), str(wrong.refusal.facts["part"]))
    return f"{asked.map}, line {line}: "


def _go(move: Move, asked: argparse.Namespace) -> None:
    from deskbook.moving.ending import failing
    from deskbook.moving.taking_in import look_at, take_in

    with failing(move, now=lambda: datetime.now(UTC)):
        move.words = _said(move.desk, asked.map)
        move.save()
        if asked.dry_run:
            look_at(move, asked.file)
        else:
            take_in(move, asked.file, _progress(), at=datetime.now(UTC))


def _said(helpdesk: HelpDesk, path: Path | None) -> dict[str, dict[str, str]]:
    from deskbook.moving.words import read_map
    from deskbook.people.books import desk_in_force

    if path is None:
        return {}
    said = read_map(desk_in_force(helpdesk), path.read_text(encoding="utf-8")).said
    return {part: dict(words) for part, words in said.items()}


def _progress() -> Callable[[str, int, int], None]:
    """Says on the error channel how far it is, and how long it takes still."""
    begun_s, said_s = dict[str, float](), time.monotonic()

    def told(what: str, done: int, of: int) -> None:
        nonlocal said_s
        now_s = time.monotonic()
        since_s = now_s - begun_s.setdefault(what, now_s)
        if now_s - said_s < _EACH_S or not done:
            return
        said_s = now_s
        left = timedelta(seconds=round(since_s / done * (of - done)))
        sys.stderr.write(f"{done} of {of} {what}; about {left} left\n")
        sys.stderr.flush()

    return told


def _found(move: Move) -> str:
    """Says what is in the export, and what each of its words becomes."""
    has = move.found
    lines = [
        f"{move.name}: {has.get('tickets', 0)} tickets with {has.get('messages', 0)} messages and"
        f" {has.get('files', 0)} files, of {has.get('people', 0)} people."
    ]
    if absent := has.get("files absent"):
        lines.append(f"Files that do not come, as they are not in it or too large: {absent}.")
    if articles := has.get("articles"):
        lines.append(f"Articles: {articles}, each language counted.")
    if move.first_at and move.last_at:
        lines.append(f"Opened between {move.first_at:%Y-%m-%d} and {move.last_at:%Y-%m-%d}.")
    for part, word, count, key in move.met:
        becomes = "? nobody said what it becomes" if key is None else key or "left out"
        lines.append(f"  {part} “{word}” ({count}): {becomes}")
    if left := move.left_out.count():
        lines.append(f"Left out: {left}. The first of them:")
        lines += [f"  {one.place}: {one.sentence}" for one in move.left_out.order_by("pk")[:10]]
    return "\n".join([*lines, ""])


def _what_is_here(move: Move) -> str:
    articles = f" {move.articles} articles came." if move.articles else ""
    if not move.came and not move.came_before:
        return articles.strip() or "Nothing was written."
    before = f" {move.came_before} had come before." if move.came_before else ""
    return (
        f"{move.came} tickets came, with {move.messages} messages and {move.files} files.{before}"
        f"{articles}"
    )


def _write_left_out(move: Move, path: Path | None) -> None:
    from deskbook.moving.left_out import as_csv

    if path is not None and move.pk:
        with as_csv(move) as file:
            path.write_bytes(file.read())
