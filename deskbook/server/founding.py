"""`deskbook new`: a desk of one's own in a folder, from five answers."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deskbook.book.load import load_book
from deskbook.book.shelf import books, key_of, ones_own
from deskbook.book.words import read_zone
from deskbook.config.environment import DEFAULTS, read
from deskbook.config.refusals import CommandRefused
from deskbook.config.settings_file import NAME as SETTINGS
from deskbook.config.settings_file import WHICH, write_settings
from deskbook.server import founding_questions as questions
from deskbook.server.called import called
from deskbook.server.database import has_tables, refuse_unreachable
from deskbook.server.founding_questions import Interview, Question
from deskbook.server.ports import refuse_taken_ports

LISTENS = {
    "DESKBOOK_PORT": "{}",
    "DESKBOOK_SMTP_LISTEN": "127.0.0.1:{}",
    "DESKBOOK_LMTP_LISTEN": "127.0.0.1:{}",
}
USUAL_PORTS = {"DESKBOOK_PORT": 8000, "DESKBOOK_SMTP_LISTEN": 2525, "DESKBOOK_LMTP_LISTEN": 2424}
ABOVE = """The settings of this desk; docs/operating/settings.md explains each. One that is set in
the environment goes before the line here. There may be passwords in it: keep it to yourself."""


@dataclass(frozen=True)
class Founded:
    """What was answered: the settings, the desk's key with the text of its book, and who leads."""

    settings: Mapping[str, str]
    key: str
    book: str
    owner: str


def new(argv: Sequence[str]) -> int:
    """Begin a desk of one's own: ask for its address, its book, its name, its mail and its owner;
    write the settings and the book into FOLDER, make the database, and invite the owner.
    """
    asked = _parser().parse_args(argv)
    folder: Path = asked.folder.absolute()
    _refuse_a_desk_in(folder)
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not asked.yes
    try:
        founded = _answered(asked, Interview(at_terminal))
    except EOFError:
        raise CommandRefused("Not all was answered, so nothing was made.") from None
    _write(folder, founded)
    _take_steps(folder, founded)
    sys.stdout.write(_ending(folder, founded))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deskbook new",
        description=new.__doc__,
        epilog="A password does not belong on a command line, which everybody on the machine can"
        " read: without a terminal set DESKBOOK_SMTP_URL and DESKBOOK_IMAP_URLS. Whatever other"
        " setting stands in the environment is written down too.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER")
    parser.add_argument("--address", help="where people find it, like help.example.org")
    parser.add_argument("--book", help=f"{', '.join(books())}, or the file of a book of your own")
    parser.add_argument("--name", help="what the desk is called")
    parser.add_argument("--mail", help="the address people write to")
    parser.add_argument("--smtp", metavar="URL", help="the server that sends its letters")
    parser.add_argument("--imap", metavar="URL", help="the mailbox it reads")
    parser.add_argument("--owner", metavar="EMAIL", help="who leads it")
    parser.add_argument("--zone", help="its time zone (else that of this machine)")
    parser.add_argument(
        "--yes", action="store_true", help="ask nothing: what is not said is what is usual"
    )
    return parser


def _refuse_a_desk_in(folder: Path) -> None:
    data = os.environ.get("DESKBOOK_DATA", "").strip()
    signs = [folder / SETTINGS, folder / "var"]
    signs += [Path(data).absolute() / name for name in ("secret_key", "postgres") if data]
    if there := next((sign for sign in signs if sign.exists()), None):
        raise CommandRefused(
            f"There is a desk already: {there}; nothing is overwritten. Name a new folder: deskbook"
            " new FOLDER."
        )


def _answered(asked: argparse.Namespace, interview: Interview) -> Founded:
    settings = _brought_along()
    here = f"http://localhost:{settings['DESKBOOK_PORT'] or 8000}"

    def answer(question: Question, usual: str = "", setting: str = "") -> str:
        given = _said_openly(question, getattr(asked, question.option), setting)
        return interview.answer(question, given or settings.get(setting) or None, usual)

    site = answer(questions.which_site(here), here, "DESKBOOK_SITE_URL")
    template = answer(questions.which_book(), "small")
    own = Path(template) if template not in books() else None
    name = own.stem if own else answer(questions.NAME, "Help Desk")
    mail = answer(questions.MAIL, _usual_mail(site), "DESKBOOK_MAIL_FROM")
    settings |= {
        "DESKBOOK_SITE_URL": site,
        "DESKBOOK_MAIL_FROM": mail,
        "DESKBOOK_SMTP_URL": answer(questions.SMTP, setting="DESKBOOK_SMTP_URL"),
        "DESKBOOK_IMAP_URLS": answer(questions.IMAP, setting="DESKBOOK_IMAP_URLS"),
    }
    owner = answer(questions.OWNER)
    read(settings)  # whatever the environment brought along
    key = own.stem if own else key_of(name)
    text = own.read_text("utf-8") if own else ones_own(template, name, mail, _zone(asked.zone))
    return Founded(settings, key, _checked(key, text), owner)


def _brought_along() -> dict[str, str]:
    """Return the settings that stand in the environment, and where to listen. Raises CommandRefused
    where they lead to a desk.
    """
    settings = {name: os.environ.get(name, "").strip() for name in DEFAULTS if name != WHICH}
    if data := settings["DESKBOOK_DATA"]:
        settings["DESKBOOK_DATA"] = str(Path(data).absolute())
    if settings["DATABASE_URL"]:
        _refuse_a_desk_at(settings["DATABASE_URL"])
    return settings | _free_ports(settings)


def _said_openly(question: Question, given: str | None, setting: str) -> str | None:
    if given and urlsplit(given).password:
        raise CommandRefused(
            f"Everybody on this machine can read a password after --{question.option}: set"
            f" {setting or 'a setting'} instead, or leave the password out and be asked."
        )
    return given


def _usual_mail(site: str) -> str:
    host = urlsplit(site).hostname or ""
    return f"help@{host if '.' in host.strip('0123456789.') else 'desk.localhost'}"


def _refuse_a_desk_at(url: str) -> None:
    refuse_unreachable(read({"DATABASE_URL": url}))
    if has_tables(url):
        raise CommandRefused(
            "The database of DATABASE_URL holds a desk already, and nothing is overwritten. Name"
            " an empty one."
        )


def _free_ports(settings: Mapping[str, str]) -> dict[str, str]:
    """Return where to listen, where what is usual is taken by another program of this machine, and
    say so. Raises CommandRefused where a port is taken that somebody asked for.
    """
    asked_for = {name for name in USUAL_PORTS if settings[name]}
    refuse_taken_ports(read({name: settings[name] for name in asked_for}), asked_for, patience=0)
    found: dict[str, str] = {}
    for name, usual in USUAL_PORTS.items():
        if name in asked_for:
            continue
        free = next(port for port in range(usual, usual + 100) if _is_free(name, port))
        if free != usual:
            found[name] = LISTENS[name].format(free)
            sys.stdout.write(
                f"Another program listens at port {usual}: this desk gets {free} ({name}; set it"
                " for another).\n"
            )
    return found


def _is_free(name: str, port: int) -> bool:
    try:
        refuse_taken_ports(read({name: LISTENS[name].format(port)}), {name}, patience=0)
    except CommandRefused:
        return False
    return True


def _zone(said: str | None) -> str:
    """Return the time zone said, or this machine's. Raises CommandRefused for none."""
    machines = Path("/etc/localtime").resolve().as_posix().partition("/zoneinfo/")[2]
    try:
        return read_zone(said or os.environ.get("TZ") or machines or "UTC")
    except ValueError as wrong:
        if said:
            raise CommandRefused(f"{wrong}.") from None
        return "UTC"


def _checked(key: str, text: str) -> str:
    if errors := load_book(text, name=f"{key}.yaml").errors:
        raise CommandRefused("\n".join(["The book has errors:", *map(str, errors)]))
    return text


def _write(folder: Path, founded: Founded) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open(folder / f"{founded.key}.yaml", "x", encoding="utf-8") as book:
            book.write(founded.book)
    except FileExistsError:
        if (folder / f"{founded.key}.yaml").read_text(encoding="utf-8") != founded.book:
            raise CommandRefused(
                f"{folder / founded.key}.yaml is there already, and nothing is overwritten."
            ) from None
    write_settings(folder / SETTINGS, founded.settings, ABOVE)


def _take_steps(folder: Path, founded: Founded) -> None:
    """As its owner would: each by the command that does it, with the settings just written."""
    ours = ("DESKBOOK_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    without = {name: said for name, said in os.environ.items() if not name.startswith(ours)}
    steps = (
        ("apply", f"{founded.key}.yaml"),
        ("invite", founded.owner, "--desk", founded.key, "--role", "owner"),
    )
    sys.stdout.write("\nMaking the database; that takes a few seconds.\n")
    sys.stdout.flush()
    for step in steps:
        if subprocess.call([sys.executable, "-m", "deskbook", *step], cwd=folder, env=without):
            left = steps[steps.index(step) :]
            rest = "".join(f"  {called()} {' '.join(one)}\n" for one in left)
            raise CommandRefused(
                f"What is printed above stopped it. The answers are in {folder / SETTINGS}: put"
                f" right what is wrong there, then, in {folder}:\n{rest}  {called()} serve"
            )


def _ending(folder: Path, founded: Founded) -> str:
    here = "" if folder == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    site = founded.settings["DESKBOOK_SITE_URL"]
    port = founded.settings["DESKBOOK_PORT"] or "8000"
    proxy = (
        f"{site} is to lead to 127.0.0.1:{port} of this machine, by a proxy with a certificate"
        " (docs/operating/proxies.md).\n"
        if site.startswith("https")
        else ""
    )
    return (
        f"\n{folder / SETTINGS} has your answers, {founded.key}.yaml says how the desk works.\n"
        f"{proxy}Start it:\n\n  {here}{called()} serve\n\nThen open the link above.\n"
    )
