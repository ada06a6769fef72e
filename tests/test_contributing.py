"""What CONTRIBUTING.md lists for a change is where such a thing stands in the tree."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from deskbook.engine.events import KINDS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "deskbook"
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
LANGUAGES = [code for code, _ in settings.LANGUAGES]
SECTIONS = dict(re.findall(r"^### (.+?)\n(.*?)(?=^### |\Z)", PAGE, re.M | re.S))
BOOK_PAGES = ("reference.md", "book.schema.json", "index.md")


def items(section):
    """Return the lines of a list, each with the files it names."""
    lines = re.split(r"^- ", SECTIONS[section], flags=re.M)[1:]
    return {line.partition(":")[0]: paths(line.partition("\n\n")[0]) for line in lines}


def paths(text):
    """Return the files and folders that a text names by their path."""
    return re.findall(r"`((?:deskbook|docs|tests)/[^` ]+|[\w.]+\.(?:md|toml))`", text)


def listed(section):
    return {path for found in items(section).values() for path in found}


def sources():
    """Return {path: text} of the product's code but its migrations, and of the demo, which is made
    of all of it.
    """
    files = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".html", ".js")]
    names = {path.relative_to(ROOT).as_posix(): path for path in files}
    return {
        name: path.read_text()
        for name, path in names.items()
        if not re.search("migrations/|/demo/", name)
    }


def where(pattern):
    return {name for name, text in sources().items() if re.search(pattern, text)}


@pytest.mark.parametrize("path", sorted(set(paths(PAGE))))
def test_every_file_that_is_named_exists(path):
    for code in LANGUAGES[1:]:
        assert (ROOT / path.format(language=code)).exists()


def test_what_the_page_of_architecture_leads_to_is_there():
    links = re.findall(r"\]\(([^)#]+)", (ROOT / "ARCHITECTURE.md").read_text())
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_what_the_paths_call_by_name_is_called_so():
    """`log.append`: some log.py has an `append`."""
    told = re.findall(r"`(\w+)\.(\w+)`", (ROOT / "ARCHITECTURE.md").read_text())
    named = {
        (module, name) for module, name in told if name not in ("py", "sql", "js", "md", "lock")
    }
    defined = {
        (path.stem, name)
        for path in (ROOT / "deskbook").rglob("*.py")
        for name in re.findall(r"^ *(?:def|class) (\w+)|^(\w+)(?: =|:)", path.read_text(), re.M)
        for name in name
    }
    assert len(named) > 5
    assert {f"{module}.{name}" for module, name in named - defined} == set()


@pytest.mark.parametrize("line", items("A kind of event"))
def test_every_kind_of_event_is_named_in_a_file_of_each_line(line):
    text = "".join((ROOT / path).read_text() for path in items("A kind of event")[line])
    # `Opened` makes the ticket, so nothing changes by it; it is named there all the same.
    assert [kind for kind in KINDS if not re.search(rf"\b{kind}\b", text)] == []


def test_a_kind_of_event_stands_in_five_files_and_where_it_is_decided():
    lines = items("A kind of event").values()
    five = {files[0] for files in lines}
    # Requesters read this one on the page of their case, as its letter says it.
    shown = "deskbook/web/portal/letters_shown.py"
    assert where(r"\bPromiseWithdrawn\b") == five | {"deskbook/engine/decide_promise.py", shown}
    assert len(lines) == 5


def test_what_names_every_language_is_listed_and_no_other():
    def names(text, code):
        return re.search(rf'"{code}"|\b{code}: "', text)

    named = {
        name for name, text in sources().items() if all(names(text, code) for code in LANGUAGES)
    }
    assert named == {path for path in listed("A language") if "{language}" not in path}


def test_the_example_of_an_act_stands_in_the_two_listed_files_and_in_no_other():
    assert where(r"\bredirect_ticket\b|\bclass Redirect\(") == listed("An act")
    assert len(listed("An act")) == 2


def test_the_example_of_a_decision_stands_in_the_listed_files_and_in_no_other():
    named = where(r"\bdecide_redirect\b")
    assert named == listed("A decision") - {"deskbook/book/compile.py"}
    assert '"redirect"' in (ROOT / "deskbook/book/compile.py").read_text()


def test_the_example_of_a_channel_is_known_in_the_listed_files_and_in_no_other():
    folder = "deskbook/channels/app/"
    known = where(r'deskbook\.channels\.app\b|"app": "app"')
    beside = {name for name in known if not name.startswith(folder)}
    tables = {path for path in listed("A channel") if "migrations/" in path}
    words = {path for path in listed("A channel") if "refusals/" in path}
    assert beside | tables | words == listed("A channel")
    assert len(listed("A channel")) <= 4


def test_who_texts_a_number_asks_what_channels_declare_and_names_no_gateway():
    naming = where(r"deskbook\.channels\.sms\b")
    assert {name for name in naming if "/channels/sms/" not in name} == {"deskbook/channels/all.py"}


def test_the_example_of_a_word_of_the_book_stands_in_the_listed_files_and_in_no_other():
    named = where(r"\banswering_takes\b")
    pages = {
        f"docs/book/{name}"
        for name in BOOK_PAGES
        if "answering takes" in (ROOT / "docs/book" / name).read_text()
    }
    assert named | pages == listed("A word of the book")


def test_every_report_has_the_listed_files_and_no_other():
    from deskbook.reports.all import REPORTS

    here = PACKAGE / "reports"
    statements = {path.read_text() for path in here.glob("*.sql")}
    assert {report.facts for report in REPORTS.values()} == statements
    named = {path for path in listed("A report") if "/flow." in path or path.endswith("all.py")}
    assert named == {"deskbook/reports/flow.sql", "deskbook/reports/all.py"}
    assert where(r"sql_of\(.flow.\)") == {"deskbook/reports/all.py"}
