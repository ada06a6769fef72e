"""Root starts a desk and hands its parts to an ordinary user: whoever gets into one of them gets no
further.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

from deskbook.config.environment import Environment
from deskbook.config.refusals import CommandRefused
from deskbook.server.postgres_files import as_account, can_enter, owner_of, server_account

#: What a part imports before anything else.
TRIAL = "import deskbook.cli, django, psycopg, granian"


class StaysRoot(CommandRefused):
    """A part cannot be handed to an ordinary user; the text says why and what to do."""


def account_of_parts(environment: Environment) -> pwd.struct_passwd | None:
    """Return the user the parts run as, with the files of theirs handed to it; None: whoever starts
    the desk.

    The owner of the database's files, who alone can use its socket; with a server of the operator's
    own the owner of the data folder. Raises StaysRoot when that user cannot enter the data folder
    or read the program.
    """
    if os.geteuid() != 0:
        return None
    home = environment.data / "postgres"
    account = (
        owner_of(environment.data if environment.database_url else home.resolve())
        or server_account()
    )
    if account is None or account.pw_uid == 0:
        return None
    _try(account, environment.data)
    hand_over(environment.data / "secret_key", account)
    static = environment.data / "static"
    static.mkdir(exist_ok=True)
    hand_over(static, account)
    return account


def must_stay_root(environment: Environment, part: str) -> bool:
    """Whether the part listens where only root may (below port 1024)."""
    own = {
        "web": ((environment.host, environment.port),),
        "mail": (environment.smtp_listen, environment.lmtp_listen),
    }
    return any(address[1] < _first_free_port() for address in own.get(part, ()) if address)


def hand_over(path: Path, account: pwd.struct_passwd) -> None:
    """Make a file, or a folder with all in it, the account's; links are not followed out of it."""
    if not path.exists():
        return
    for found in (path, *path.rglob("*")):
        os.chown(found, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _try(account: pwd.struct_passwd, data: Path) -> None:
    if can_enter(account, data):
        settings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        program = [sys.executable, "-c", TRIAL]
        try:
            code = subprocess.call(
                program, cwd=data, env=settings, stderr=subprocess.DEVNULL, **as_account(account)
            )
        except PermissionError:
            code = 1
        what = f"run {sys.executable} with {Path(__file__).parents[1]}" if code else ""
    else:
        what = f"enter {data}"
    if what:
        raise StaysRoot(
            f"Web, worker and mail run as root, because the user {account.pw_name} cannot {what}."
            " Better: start Deskbook as an ordinary user, or install it and its data where every"
            " user may enter (/opt, /srv)."
        )


def _first_free_port() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    except (OSError, ValueError):
        return 1024
