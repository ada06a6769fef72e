"""Every string a requester may see, read from the sources: templates by Jinja2, modules by their
syntax.
"""

import ast
from functools import cache
from pathlib import Path
from typing import get_args

from jinja2 import Environment

from deskbook.book.compare.promised import CLOCKS, STARTS
from deskbook.engine.desk import Unclocked
from deskbook.refusals import lists, tokens
from deskbook.refusals.catalogue import READERS
from deskbook.web.refresh import Part

PACKAGE = Path(__file__).parents[2] / "deskbook"
TEMPLATES = (
    "base.html",
    "macros.html",
    "_broken.html",
    "portal/*.html",
    "policy/*.html",
    "public/*.html",
    "email/*.html",
    "account/**/*",
    "mfa/**/*",
    "[45]*.html",
)
MODULES = (
    "web/portal/*.py",
    "web/policy/*.py",
    "web/public/**/*.py",
    "web/shared/campaign.py",
    "web/acts/wishes.py",
    "web/first_sign_in.py",
    "web/sign_in.py",
    "web/by_provider.py",
    "people/anonymous.py",
    "people/letting_in.py",
    "web/security.py",
    "web/proof.py",
    "people/second_factors.py",
    "jobs/sign_in.py",
    "knowledge/feedback.py",
    "web/times.py",
    "web/viewer.py",
    "web/files.py",
    "jobs/words_of_letters.py",
    "jobs/words_of_case_letters.py",
    "jobs/visit_letters.py",
    "jobs/chats.py",
    "tickets/visit_calendar.py",
    "tickets/next_step.py",
    "tickets/procedure.py",
    "tickets/shapes.py",
    "tickets/ratings.py",
    "tickets/stated.py",
    "tickets/call_backs.py",
    "channels/phone/calls.py",
    "channels/phone/taking_in.py",
    "channels/whatsapp/wording.py",
)
#: Why a visitor gets no token.
FOR_VISITORS = (
    *(
        tokens.SENTENCES[f"token: {why}"]
        for why in ("closed", "ended", "service", "from here", "key")
    ),
    "at a time that is not known yet",
)
#: Why a list they give for a paper cannot be read.
ON_LISTS = (
    *(said for code, said in lists.SENTENCES.items() if code.startswith("file: ")),
    "it is longer than any line of a list, or a quote in it is never closed",
)
#: What is wrong with a field that pages of both share (web/shared/fields.py).
IN_FIELDS = (
    "This has {count} characters; at most {most} fit.",
    "Write the day like 2026-03-09.",
)
#: What a policy says in the words by which `deskbook compare` tells of the same.
IN_POLICIES = (
    *CLOCKS.values(),
    *STARTS.values(),
    *filter(None, get_args(Unclocked)),
    "on request",
    "as agreed",
    "{amount} or as agreed",
)
#: What of the policy those who work at the desk read alone.
FOR_AGENTS = {"manual.py", "diagrams.py"}
EXTENSIONS = ["jinja2.ext.i18n", Part]
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "ngettext"}
#: Of the agents' screens only, though in a shared file.
NOT_FOR_REQUESTERS = {"Nobody", "Paused", "claimed, not verified"}

Message = tuple[str | None, str]  # context, id


@cache
def requester_strings() -> dict[Message, str]:
    """Return {(context, message id): where it is used}."""
    found: dict[Message, str] = {}
    for path in _files("templates", TEMPLATES):
        found.update(dict.fromkeys(_of_template(path), path.name))
    for path in _files(".", MODULES):
        if path.parent.name == "policy" and path.name in FOR_AGENTS:
            continue
        found.update(dict.fromkeys(_of_module(path), path.name))
    for one in (*READERS["requester"].values(), *FOR_VISITORS, *ON_LISTS, *IN_FIELDS, *IN_POLICIES):
        found.setdefault((None, one), "a refusal")
    return {
        message: where for message, where in found.items() if message[1] not in NOT_FOR_REQUESTERS
    }


def _files(folder, patterns):
    return sorted(
        {
            path
            for pattern in patterns
            for path in (PACKAGE / folder).glob(pattern)
            if path.is_file()
        }
    )


def _of_template(path):
    for _line, function, given in Environment(extensions=EXTENSIONS).extract_translations(
        path.read_text()
    ):
        strings = [given] if isinstance(given, str) else [text for text in given if text]
        yield from _messages(function, strings)


def _of_module(path):
    for call in calls_in(path):
        if isinstance(call.func, ast.Name) and call.func.id in CALLS:
            yield from _messages(
                call.func.id,
                [
                    a.value
                    for a in call.args
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ],
            )


@cache
def calls_in(path):
    """Return the calls of a module: its syntax is looked through for one thing after another."""
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]


def _messages(function, strings):
    if function == "pgettext":
        yield strings[0], strings[1]
    elif strings:
        yield None, strings[0]
