"""The rules of the house that a reader should be able to rely on without looking."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from deskbook.config.environment import DEFAULTS
from deskbook.demo.choosing import DEFAULTS as OF_THE_DEMO
from deskbook.people.access import WHO_MAY, Right, may
from deskbook.people.models import Agent
from tests.source import PACKAGE, nodes, text

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "misc",
    "services",
    "service",
    "managers",
    "manager",
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_BRANCHES = 12
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.match_case,
    ast.Assert,
)
#: Where the clock may be read: at the edges. Everywhere else the time is an argument.
READS_THE_CLOCK = (
    "demo",
    "web",
    "jobs",
    "channels",
    "bridges",
    "config",
    "server",
    "people/sessions.py",
    "people/moments.py",
)
#: The last two because Django asks its session store for a row without saying when, and an instant
#: of this year is written without it.
CLOCKS = re.compile(r"\b(datetime|date|timezone|time|dt)\.\w+$")
ASKED_OF_CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "localdate"}
#: Where a person becomes known by an address or number, or by another one than until now, and by
#: whose word.
GIVES_WAYS = {
    "channels/whatsapp/capture.py:remember": (
        "a name in an exported chat, by which nobody signs in or is written to"
    ),
    "channels/whatsapp/senders.py:_know": "the service's",
    "demo/past/people.py:_give_identities": "made people",
    "demo/past/people.py:_identity": "made people",
    "people/adding.py:_add_ways": "of somebody new: refuses what is of the desk",
    "people/contacts.py:_make": "of somebody new",
    "people/contacts.py:add_way": "the door: refuses what is of the desk, notes it and tells them",
    "people/lists/contacts.py:write": "a lead's list: refuses, notes and tells as the door does",
    "people/merging.py:merge_contacts": "refuses, notes and tells as the door does",
    "people/merging.py:undo_merge": "the merge taken back, of which both are told",
}
#: The one module that may change a ticket's row.
WRITES_TICKETS = "tickets/log.py"
ROW_WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "delete",
}


def name(path):
    return path.relative_to(PACKAGE).as_posix()


def offenders(found, sources=SOURCES):
    """Return {file: what `found` finds wrong in it} for the files where it finds anything."""
    return {name(path): wrong for path in sources if (wrong := found(path))}


def functions(path):
    return [
        node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_a_folder_imports_only_from_those_below_it():
    linter = Path(sys.executable).parent / "lint-imports"
    lint = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout


def test_no_file_is_longer_than_four_hundred_lines():
    longer = {name(path) for path in SOURCES if len(path.read_text().splitlines()) > LONGEST_FILE}
    assert longer == set()


def test_no_function_is_longer_than_a_screen():
    def too_long(path):
        return [f.name for f in functions(path) if f.end_lineno - f.lineno >= LONGEST_FUNCTION]

    assert offenders(too_long) == {}


def test_no_function_branches_more_often_than_a_reader_can_follow():
    def too_branched(path):
        return [f.name for f in functions(path) if sum(map(branches, ast.walk(f))) > MOST_BRANCHES]

    assert offenders(too_branched) == {}


def branches(node):
    """Return how many ways a part of a function adds to those it may take: conditional expressions,
    conditions of comprehensions and each `and` and `or` counted.
    """
    match node:
        case ast.comprehension():
            return 1 + len(node.ifs)
        case ast.BoolOp():
            return len(node.values) - 1
    return int(isinstance(node, BRANCHES))


def test_no_line_is_kept_from_the_formatter():
    def kept(path):
        lines = enumerate(path.read_text().splitlines(), start=1)
        return [number for number, line in lines if "# fmt:" in line]

    assert offenders(kept) == {}


def test_no_line_is_longer_than_a_reader_sees_but_for_an_address():
    """The linter lets a line be that ends in one long word, as patterns do, or says what it lets be."""

    def too_long(path):
        lines = enumerate(path.read_text().splitlines(), start=1)
        return [number for number, line in lines if len(line) > 100 and "://" not in line]

    assert offenders(too_long) == {}


def test_every_module_is_named_for_what_it_holds():
    def nameless(path):
        return NAMELESS.intersection(
            part.removesuffix(".py").strip("_") for part in path.relative_to(PACKAGE).parts
        )

    assert offenders(nameless) == {}


def test_the_time_is_an_argument_away_from_the_edges():
    def clocks_read(path):
        attributes = [
            ast.unparse(node)
            for node in nodes(path)
            if isinstance(node, ast.Attribute) and node.attr in ASKED_OF_CLOCKS
        ]
        return [text for text in attributes if CLOCKS.search(text)]

    assert (
        offenders(clocks_read, [p for p in SOURCES if not name(p).startswith(READS_THE_CLOCK)])
        == {}
    )


def test_only_the_log_writes_a_ticket():
    def writes(path):
        return [line for line in map(ticket_write, nodes(path)) if line]

    assert offenders(writes, [p for p in SOURCES if name(p) != WRITES_TICKETS]) == {}


def ticket_write(node):
    """Return the source of a call that writes ticket rows (`Ticket.objects…update(…)`,
    `ticket.save()`), or None.
    """
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    if node.func.attr not in ROW_WRITES | {"save"}:
        return None
    target = ast.unparse(node.func.value)
    by_table = node.func.attr in ROW_WRITES and re.match(r"(\w+\.)?Ticket\.objects\b", target)
    by_row = node.func.attr in {"save", "delete"} and re.search(r"\bticket$", target)
    return ast.unparse(node) if by_table or by_row else None


def _gives_a_way(node: ast.AST) -> bool:
    """Whether a call makes an identity of a contact, or moves one to another contact."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return (
            node.attr == "contact"
            and isinstance(node.value, ast.Name)
            and node.value.id in ("way", "row", "identity")
        )
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    made = re.search(
        r"(ContactIdentity\b.*|\bidentities)\.(a?(bulk_)?create|a?(get|update)_or_create|add|set)$",
        called,
    )
    moved = called.endswith(".update") and "contact" in {each.arg for each in node.keywords}
    return called == "ContactIdentity" or bool(made) or moved


def test_who_becomes_known_by_what_is_written_in_places_that_are_all_named():
    found = set()
    for path in SOURCES:
        if "ContactIdentity" in text(path) or "identities" in text(path):
            within = [one for one in functions(path) if isinstance(one, ast.FunctionDef)]
            giving = (one.name for one in within if any(map(_gives_a_way, ast.walk(one))))
            found |= {f"{path.relative_to(PACKAGE).as_posix()}:{name}" for name in giving}
    assert found == set(GIVES_WAYS)


def test_every_setting_is_documented_and_every_documented_setting_exists():
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.*?) \| (.+?) \|$",
        (ROOT / "docs/operating/settings.md").read_text(),
        re.M,
    )
    documented = {variable: default.strip("`") for variable, default, _meaning in rows}
    assert documented == DEFAULTS | OF_THE_DEMO


@pytest.mark.parametrize("folder", ["engine", "book", "scenario", "lives", "simulation"])
def test_the_pure_folders_load_without_django(folder):
    modules = [
        f"deskbook.{name(p)[:-3].replace('/', '.')}"
        for p in SOURCES
        if name(p).startswith(f"{folder}/")
    ]
    script = (
        f"import sys, {', '.join(modules)}; sys.exit('django' in sys.modules or 'psycopg' in"
        " sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    assert loaded.returncode == 0, loaded.stderr


def test_every_act_somebody_asks_for_is_in_the_list_and_every_act_of_the_list_is_asked_for():
    """An act in no list would be nobody's; one that is never asked for guards nothing."""
    asked = {act for path in SOURCES for act in acts_asked_for(path)}
    assert asked == set(get_args(Right)) == set(WHO_MAY)


def acts_asked_for(path):
    """Yield the acts named in calls of `may` and `only_who_may`, and as `who_may` of an act in
    web/acts/; one with anything but a plain name is itself wrong.
    """
    for node in nodes(path):
        called = isinstance(node, ast.Call) and (
            getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        )
        if called in {"may", "only_who_may"} and name(path) not in {
            "people/access.py",
            "people/rights.py",
        }:
            act = node.args[1] if len(node.args) == 2 else None
            if isinstance(act, ast.Constant):
                yield act.value
            elif not (isinstance(act, ast.Attribute) and act.attr == "who_may"):
                yield f"{name(path)}: {ast.unparse(node)}"
    yield from re.findall(r"\bwho_may\b.* = .*?\"([a-z ]+)\"", text(path))


def test_a_role_is_asked_about_by_its_acts_and_templates_are_told_the_answer():
    """`agent.role == "owner"` in a screen would be a second list beside access.py."""
    compared = re.compile(r"\.role\s*(==|!=|in\b|not in\b)|\b(may|only_who_may)\(")
    screens = [
        *(PACKAGE / "templates").rglob("*.html"),
        *(p for p in SOURCES if name(p).startswith("web/console/")),
    ]
    assert (
        offenders(
            lambda path: path.suffix == ".html" and compared.findall(path.read_text()), screens
        )
        == {}
    )
    assert offenders(roles_compared, [path for path in screens if path.suffix == ".py"]) == {}


def roles_compared(path):
    compares = [node for node in nodes(path) if isinstance(node, ast.Compare)]
    return [
        text
        for node in compares
        if re.match(r"(agent|by|viewer|user|seat)\.role\b", text := ast.unparse(node))
    ]


def test_an_act_in_no_list_is_nobodys():
    for role in Agent.Role:
        assert not may(Agent(role=role), "launch rockets")
    assert may(Agent(role="owner"), "make owners") and not may(Agent(role="lead"), "make owners")
    assert may(Agent(role="lead"), "unmerge") and not may(Agent(role="agent"), "unmerge")
