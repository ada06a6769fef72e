"""`deskbook mailbox`: lets the desk into a mailbox by tokens, at a terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from time import sleep

from deskbook.config.refusals import CommandRefused
from deskbook.server.processes import desk


def mailbox(argv: Sequence[str]) -> int:
    """Connect a mailbox of the settings to its provider: somebody types a code in there, in any
    browser. `list` says which are connected, `disconnect` forgets the tokens of one.
    """
    parser = argparse.ArgumentParser(prog="deskbook mailbox", description=mailbox.__doc__)
    parser.add_argument("act", choices=list(ACTS), metavar="|".join(ACTS))
    parser.add_argument("user", nargs="?", default="", metavar="ADDRESS")
    asked = parser.parse_args(argv)
    with desk():
        ACTS[asked.act](asked.user)
    return 0


def _connect(typed: str) -> None:
    from deskbook.channels.email import connecting
    from deskbook.channels.email.tokens import NoToken
    from deskbook.people.openid import Silent

    user = _known(typed)
    try:
        begun = connecting.begin_by_device()
        sys.stdout.write(f"Open {begun.verification_uri} and type in {begun.user_code}\n")
        sys.stdout.write(f"as who may open {user}. This waits until it is done.\n")
        sys.stdout.flush()
        connecting.connect_by_device(user, begun, wait=sleep, clock=lambda: datetime.now(UTC))
    except (Silent, NoToken) as failure:
        raise CommandRefused(
            f"The provider gives no token: {failure}. Where it has no device flow for mail, as"
            " Google, connect it in the console: Settings, Mail."
        ) from None
    except connecting.NotLetIn as refused:
        raise CommandRefused(
            f"The mail server does not let us into {user}: {refused} Nothing was changed."
        ) from None
    sys.stdout.write(f"{user} is connected.\n")


def _list(_typed: str) -> None:
    from deskbook.channels.email.connecting import users_by_token
    from deskbook.channels.email.models import MailGrant

    grants = {row.user: row for row in MailGrant.objects.all()}
    for user in users_by_token():
        sys.stdout.write(f"{user}: {_state(grants.get(user))}\n")


def _state(grant: object) -> str:
    from deskbook.channels.email.models import MailGrant

    if not isinstance(grant, MailGrant):
        return "not connected"
    if grant.refused:
        return f"refused by its provider ({grant.refused}); connect it again"
    until = f", good until {grant.until_at:%Y-%m-%d}" if grant.until_at else ""
    return f"connected, renewed {grant.renewed_at:%Y-%m-%d %H:%M} UTC{until}"


def _disconnect(typed: str) -> None:
    from deskbook.channels.email.tokens import end_grant

    said = "is not connected any more" if end_grant(typed) else "was not connected"
    sys.stdout.write(f"{typed} {said}.\n")


def _known(typed: str) -> str:
    from deskbook.channels.email.connecting import users_by_token
    from deskbook.engine.addresses import normal_address

    users = users_by_token()
    if normal_address(typed) not in users:
        raise CommandRefused(
            f"“{typed[:80]}” is no mailbox of the settings that is signed in to by a token (there"
            f" are: {', '.join(users) or 'none'}): docs/operating/mail.md."
        )
    return normal_address(typed)


ACTS: Mapping[str, Callable[[str], None]] = {
    "connect": _connect,
    "list": _list,
    "disconnect": _disconnect,
}
