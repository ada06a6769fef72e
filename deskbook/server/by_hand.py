"""What an operator does at a terminal: books and agents."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from deskbook.config.refusals import CommandRefused
from deskbook.server.processes import Version, desk

if TYPE_CHECKING:
    from deskbook.engine.desk import Desk
    from deskbook.people.models import Agent, HelpDesk


def apply(argv: Sequence[str]) -> int:
    """Check a book and put it into force; with any error in it nothing changes."""
    parser = argparse.ArgumentParser(prog="deskbook apply", description=apply.__doc__)
    parser.add_argument(
        "book", type=Path, metavar="BOOK", help="its file name without .yaml is the desk's key"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="only list the due times of open tickets it would move",
    )
    parser.add_argument(
        "--carry-over", action="store_true", help="let open tickets follow it as well"
    )
    arguments = parser.parse_args(argv)
    if not arguments.book.is_file():
        raise CommandRefused(f"There is no file {arguments.book}.")
    with desk(Version.MADE):
        return _apply(arguments.book, dry_run=arguments.dry_run, carry=arguments.carry_over)


def invite(argv: Sequence[str]) -> int:
    """Make somebody an agent of a desk; they sign in with a code mailed to them, or first by the
    link printed.
    """
    arguments = _parser_of_invite().parse_args(argv)
    with desk():
        agent = _invited(arguments)
        sys.stdout.write(f"{agent.user.email} is {agent.get_role_display()} at {agent.desk}.\n")
        if arguments.card:
            sys.stdout.write(_card(agent))
        elif arguments.link or agent.user.last_login is None:
            sys.stdout.write(_link(agent))
    return 0


def _parser_of_invite() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskbook invite", description=invite.__doc__)
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument(
        "--desk", required=True, help="the desk's key: its book's file name without .yaml"
    )
    parser.add_argument("--name", default="")
    parser.add_argument("--role", choices=["agent", "lead", "owner"], default="agent")
    parser.add_argument(
        "--card",
        action="store_true",
        help="print a code for a first sign-in, where no mail leaves yet",
    )
    parser.add_argument(
        "--link",
        action="store_true",
        help="print a sign-in link for somebody who has signed in before, too",
    )
    parser.add_argument(
        "--team", action="append", default=[], help="a team of the book; may be given several times"
    )
    return parser


def _invited(asked: argparse.Namespace) -> Agent:
    from deskbook.people.agents import UnknownTeam, invite_agent
    from deskbook.people.models import HelpDesk

    helpdesk = HelpDesk.objects.filter(key=asked.desk).first()
    if helpdesk is None:
        raise CommandRefused(
            f"There is no desk “{asked.desk}”. Put its book into force first: deskbook apply BOOK."
        )
    try:
        return invite_agent(
            helpdesk, asked.email, name=asked.name, role=asked.role, teams=asked.team
        )
    except UnknownTeam as error:
        raise CommandRefused(str(error)) from error


def unlock(argv: Sequence[str]) -> int:
    """Take every second factor (authenticator app, recovery codes, passkeys) off an account and end
    its sessions.

    For who lost theirs: make sure by another way that it is they who ask. A mail tells them; it is
    in the log.
    """
    parser = argparse.ArgumentParser(prog="deskbook unlock", description=unlock.__doc__)
    parser.add_argument("email", metavar="EMAIL")
    arguments = parser.parse_args(argv)
    with desk():
        from deskbook.engine.addresses import normal_address
        from deskbook.people.models import User
        from deskbook.people.second_factors import remove_factors

        user = User.objects.filter(email=normal_address(arguments.email)).first()
        if user is None:
            raise CommandRefused(
                f"Nobody signs in as “{arguments.email[:80]}”. Give the address their account has."
            )
        factors, sessions = remove_factors(user)
        sys.stdout.write(
            f"{user.email}: {factors} second factors were removed, {sessions} sessions ended. "
            "They sign in with a code mailed to them.\n"
        )
    return 0


def _card(agent: Agent) -> str:
    from deskbook.people.accounts import GOOD_FOR

    address, code = _first_sign_in(agent, GOOD_FOR)
    return f"Sign in at {address} with {code}: once, within two weeks.\n"


def _link(agent: Agent) -> str:
    from deskbook.people.accounts import LINK_GOOD_FOR

    address, code = _first_sign_in(agent, LINK_GOOD_FOR)
    return f"Sign in without a mail, once and within a day: {address}#{code}\n"


def _first_sign_in(agent: Agent, good_for: timedelta) -> tuple[str, str]:
    from django.conf import settings

    from deskbook.people.accounts import in_groups, make_codes

    code = make_codes([agent], at=datetime.now(UTC), by_operator=True, good_for=good_for)[agent.pk]
    return f"{settings.DESKBOOK_SITE_URL}/first/", in_groups(code)


def _apply(path: Path, *, dry_run: bool, carry: bool) -> int:
    from deskbook.people.books import BookRefused, apply_book, read_book

    key, text, now = path.stem, path.read_text(encoding="utf-8"), datetime.now(UTC)
    try:
        new = read_book(key, text)
        moving = _list_moves(key, new)
        if dry_run:
            sys.stdout.write(f"{moving} due times would move; nothing was changed.\n")
            return 0
        helpdesk = apply_book(key, text, at=now, by=None)
    except BookRefused as error:
        raise CommandRefused(f"{error}\nNothing was changed.") from error
    sys.stdout.write(
        f"{helpdesk} runs on version {helpdesk.book_version} of its book.\n{_refuses_mail(new)}"
        f"{_still_waiting(helpdesk, now)}"
    )
    if carry:
        _carry_over(helpdesk, now)
    return 0


def _list_moves(key: str, new: Desk) -> int:
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.books import due_times_moved

    helpdesk = HelpDesk.objects.filter(key=key).first()
    moves = list(due_times_moved(helpdesk, new)) if helpdesk else []
    for move in moves:
        sys.stdout.write(
            f"{move.ticket} {move.clock}: {_shown(move.old_at)} → {_shown(move.new_at)}"
            f" ({move.why})\n"
        )
    return len(moves)


def _carry_over(helpdesk: HelpDesk, at: datetime) -> None:
    from deskbook.engine.ticket import SYSTEM
    from deskbook.tickets.books import carry_all_over

    done, refused = carry_all_over(helpdesk, at=at, by=SYSTEM)
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
