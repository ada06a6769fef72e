"""`deskbook invite`, `unlock` and `token`: agents, and how they and their programs get in, at a
terminal.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from deskbook.config.refusals import CommandRefused
from deskbook.server.processes import desk

if TYPE_CHECKING:
    from deskbook.people.models import Agent, HelpDesk


def invite(argv: Sequence[str]) -> int:
    """Make somebody an agent of a desk; they sign in with a code mailed to them, or first by the
    link printed. Whose account a directory had ended comes back.
    """
    arguments = _parser_of_invite().parse_args(argv)
    with desk():
        agent = _invited(arguments)
        bring_back(agent)
        sys.stdout.write(f"{agent.user.email} is {agent.get_role_display()} at {agent.desk}.\n")
        if arguments.card:
            sys.stdout.write(_card(agent))
        elif arguments.link or agent.user.last_login is None:
            sys.stdout.write(_link(agent))
    return 0


def bring_back(agent: Agent) -> None:
    """Lets an account sign in again that a directory had ended, and says so."""
    if not agent.user.is_active:
        agent.user.is_active = True
        agent.user.save(update_fields=["is_active"])
        sys.stdout.write(f"{agent.user.email} had been ended, and may sign in again.\n")


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

    helpdesk = helpdesk_called(asked.desk)
    try:
        return invite_agent(
            helpdesk, asked.email, name=asked.name, role=asked.role, teams=asked.team
        )
    except UnknownTeam as error:
        raise CommandRefused(str(error)) from error


def helpdesk_called(key: str) -> HelpDesk:
    """Return the desk of a key. Raises CommandRefused with those there are."""
    from deskbook.people.models import HelpDesk

    found = HelpDesk.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(HelpDesk.objects.values_list("key", flat=True)) or "none yet"
        raise CommandRefused(
            f"There is no desk “{key}” (there are: {known}). Put its book into force first:"
            " deskbook apply BOOK."
        )
    return found


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
        factors, sessions = remove_factors(user, at=datetime.now(UTC))
        sys.stdout.write(
            f"{user.email}: {factors} second factors were removed, {sessions} sessions ended. "
            "They sign in with a code mailed to them.\n"
        )
    return 0


def token(argv: Sequence[str]) -> int:
    """Make a token of the REST API for an agent, and print it: nobody can read it again. As the
    console does, but without a mailed code: whoever runs the server is trusted.
    """
    arguments = _parser_of_token().parse_args(argv)
    with desk():
        sys.stdout.write(f"{secret_of_new_token(arguments)}\n")
    return 0


def secret_of_new_token(asked: argparse.Namespace) -> str:
    """Make the token asked for and return its secret. Raises CommandRefused where nobody works
    there under this address.
    """
    from deskbook.people.tokens import Told, make_token

    agent = _agent(asked.email, asked.desk)
    told = Told(asked.name, asked.may, timedelta(days=asked.days))
    return make_token(agent, told, at=datetime.now(UTC), by=agent)[1]


def _parser_of_token() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskbook token", description=token.__doc__)
    parser.add_argument("email", metavar="EMAIL", help="of the agent it acts for")
    parser.add_argument("--desk", required=True, help="the desk's key")
    parser.add_argument("--name", default="made at the terminal", help="what it is for")
    parser.add_argument(
        "--may",
        nargs="+",
        choices=["read", "write", "reports", "book", "hooks"],
        default=["read", "write"],
        help="what it may (read write)",
    )
    parser.add_argument(
        "--days", type=int, choices=range(1, 366), default=90, metavar="N", help="valid for (90)"
    )
    return parser


def _agent(email: str, key: str) -> Agent:
    from deskbook.engine.addresses import normal_address
    from deskbook.people.models import Agent

    working = Agent.objects.filter(is_active=True).select_related("user", "desk")
    agent = working.filter(user__email=normal_address(email), desk__key=key).first()
    if agent is None:
        raise CommandRefused(f"No agent of the desk “{key}” signs in as “{email[:80]}”.")
    return agent


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
