"""The command `deskbook`: one line per command, each in a module that is imported only when it is
called.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple


class Command(NamedTuple):
    """Where a command lives (`module:function`, taking the rest of the line, returning the exit
    code) and its help.
    """

    place: str
    help: str


COMMANDS = {
    "new": Command(
        "deskbook.server.founding:new", "begin a desk of one's own: five questions, then it runs"
    ),
    "serve": Command(
        "deskbook.server.serve:main",
        "run the whole desk on this machine: database, web, worker, mail",
    ),
    "web": Command("deskbook.server.processes:web", "run the web server alone"),
    "worker": Command("deskbook.server.processes:worker", "run the jobs and the wake loop alone"),
    "mail": Command(
        "deskbook.server.processes:mail", "run the mail listener and the IMAP readers alone"
    ),
    "migrate": Command(
        "deskbook.server.processes:migrate", "bring the database up to this version"
    ),
    "demo": Command(
        "deskbook.demo.commands:demo", "fill an empty database with thirty days of a desk"
    ),
    "ingest": Command("deskbook.server.processes:ingest", "take one mail from standard input"),
    "import": Command(
        "deskbook.server.moving_in:bring", "take in what a desk had in another system"
    ),
    "apply": Command("deskbook.server.applying:apply", "put a book into force"),
    "replay": Command(
        "deskbook.server.replaying:replay", "live the tickets of the past again by a changed book"
    ),
    "log": Command(
        "deskbook.server.mining:log", "write what happened to cases as an event log, XES or OCEL"
    ),
    "simulate": Command(
        "deskbook.server.simulating:simulate",
        "live a desk through a load: promises kept, waiting, and how many people it needs",
    ),
    "shifts": Command(
        "deskbook.server.shifting:shifts", "plan who works when, as the book's rosters ask for"
    ),
    "invite": Command("deskbook.server.accounts:invite", "make somebody an agent of a desk"),
    "token": Command("deskbook.server.accounts:token", "make a token of the REST API for an agent"),
    "mcp": Command("deskbook.server.mcp_command:mcp", "offer a desk's tools to an assistant (MCP)"),
    "mailbox": Command(
        "deskbook.server.mailbox:mailbox",
        "let the desk into a mailbox at Microsoft 365 or Google, by tokens",
    ),
    "unlock": Command(
        "deskbook.server.accounts:unlock", "take a lost second factor off somebody's account"
    ),
    "verify": Command(
        "deskbook.server.processes:verify", "find what was changed in the logs after the fact"
    ),
    "doctor": Command(
        "deskbook.server.doctor:doctor", "say what is wrong with the desk and its surroundings"
    ),
    "backup": Command("deskbook.server.backup:backup", "write the whole desk into one file"),
    "restore": Command("deskbook.server.backup:restore", "fill an empty database from such a file"),
    "manage": Command("deskbook.server.processes:manage", "any management command of Django"),
    "check": Command(
        "deskbook.server.checking:check", "say what is wrong with a book, line by line"
    ),
    "compare": Command(
        "deskbook.server.checking:compare", "say what a new version of a book changes for cases"
    ),
    "publish": Command(
        "deskbook.server.publishing:publish", "write the policy, or the manual, that a book makes"
    ),
    "due": Command("deskbook.book.case_commands:due", "work out the due times of cases by a book"),
    "hours": Command(
        "deskbook.book.case_commands:hours", "work out open hours by a calendar alone"
    ),
    "schema": Command(
        "deskbook.book.commands:schema", "print the JSON Schema of the book language"
    ),
    "play": Command("deskbook.scenario.commands:play", "run scenarios against their book"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (2: the command was not understood or cannot start)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What a case or a mail holds may be half a character, which no file can carry; JSON reads
        # the escape back.
        sys.stdout.reconfigure(errors="backslashreplace")
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name in ("-h", "--help", "help"):
        print(overview())
        return 0
    if name == "--version":
        print(f"deskbook {_version()}")
        return 0
    if name not in COMMANDS:
        print(f"deskbook: there is no command “{name}”.\n\n{overview()}", file=sys.stderr)
        return 2
    return _run(name, rest)


def overview() -> str:
    """Return the list of commands."""
    lines = [f"  {name:8} {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: deskbook COMMAND [--help] …", "", *lines])


def _run(name: str, rest: list[str]) -> int:
    from deskbook.config.refusals import CommandRefused

    try:
        module, function = _place(name).split(":")
        code: int = getattr(import_module(module), function)(rest)
    except CommandRefused as refusal:
        from deskbook.config.logs import say

        say(str(refusal))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except OSError as failure:
        named = str(failure.filename or "")
        if not any(named.startswith(word) for word in _files_of(rest)):
            raise
        print(f"deskbook: {named[:200]}: {failure.strerror}.", file=sys.stderr)
        return 2
    return code


def _place(name: str) -> str:
    """Return where a command lives, with the settings of the folder taken; a demo has some of its
    own. Raises CommandRefused where nobody can tell whether it is one.
    """
    from deskbook.config.settings_file import take_settings
    from deskbook.demo.choosing import COMMANDS as OF_THE_DEMO
    from deskbook.demo.choosing import choose_demo, is_chosen

    if name != "new":  # of another desk they would be
        take_settings()
    choose_demo()
    return OF_THE_DEMO.get(name, COMMANDS[name].place) if is_chosen() else COMMANDS[name].place


def _files_of(words: list[str]) -> list[str]:
    """Return the files a command line may name: what goes wrong with one of them is said, not
    traced.
    """
    return [
        form
        for word in words
        if word and not word.startswith("-")
        for form in (word, str(Path(word).absolute()))
    ]


def _version() -> str:
    from importlib.metadata import version

    return version("deskbook")


if __name__ == "__main__":
    sys.exit(main())
