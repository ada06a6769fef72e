"""Each refusal has its sentence, in one catalogue, and the sentence names only what the refusal
tells.
"""

import ast
import re
from functools import cache

import pytest

from deskbook.refusals.catalogue import READERS, SENTENCES, WORDS
from deskbook.refusals.refusal import Aside, Refusal, Word
from tests.source import PACKAGE, nodes, text

OURS = (
    "Refusal",
    "Refused",
    "Wrong",
    "NoNumber",
    "UnreadableList",
    "UploadRefused",
    "MovingRefused",
    "Unread",
    "NotOnePerson",
    "kept",
)
RAISED_AS = dict.fromkeys(OURS, "") | {"TokenRefused": "token: "}


@cache
def refused_with():
    """Return (code, names of the facts, where) for each refusal that the product makes with a code
    written out.
    """
    return tuple(_read_in_the_product())


def _read_in_the_product():
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in ("config", "demo", "server") or path.name in (
            "stub.py",
            "whatsapp_graph.py",
        ):
            continue  # a Refused of the command line, and the stand-in for WhatsApp's own
        if not any(name in text(path) for name in RAISED_AS):
            continue
        for node in nodes(path):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in RAISED_AS
            ):
                yield from _read(node, path)


def _read(call, path):
    code = call.args[0] if call.args else None
    if isinstance(code, ast.Constant):
        facts = {given.arg for given in call.keywords}
        yield (
            RAISED_AS[call.func.id] + code.value,
            facts,
            f"{path.relative_to(PACKAGE)}:{call.lineno}",
        )


def test_each_refusal_of_the_product_stands_in_the_catalogue():
    assert {where for code, _, where in refused_with() if code not in SENTENCES} == set()


def test_each_sentence_names_only_what_its_refusal_tells():
    told = [
        (names_of(SENTENCES[code]) - {"line"}, facts, where)
        for code, facts, where in refused_with()
    ]
    assert [where for named, facts, where in told if None not in facts and not named <= facts] == []


def test_what_another_reader_is_told_belongs_to_a_refusal_there_is():
    rules = {code.partition(":")[0] for code in SENTENCES}
    for sentences in READERS.values():
        assert set(sentences) - rules - set(SENTENCES) == set()


def test_no_code_stands_twice_and_no_sentence_is_unused():
    made = {code for code, _, _ in refused_with()}
    by_state = {"report: dated", "report: called off", "report: reported"}
    by_act = {"reviewed already: published", "reviewed already: sent back"}
    # By a name, or a class of their own.
    named = {
        "not theirs",
        "across organisations",
        "way of the desk",
        "way outside",
    }
    by_code = {"copied.by_number", "copied.blind", "copied.left", "copied.by_desk", "server.said"}
    # Said no more, but kept in rows of before.
    of_before = {"automatic.house", "jira.reading_failed"}
    assert set(SENTENCES) - made == by_state | by_act | named | by_code | of_before


def names_of(sentence):
    return set(re.findall(r"\{(\w+)", sentence))


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (
            Refusal("channel", contact="ASAP", channels=("phone", "email")),
            "ASAP is reached by phone or email.",
        ),
        (
            Refusal("deciding team", team="PAO", line=12),
            "PAO decides about visits (line 12 of the book): ask them.",
        ),
        (Refusal("deciding team", team="PAO", line=None), "PAO decides about visits: ask them."),
        (
            Refusal("no visits", line=(3, 9)),
            (
                "The book sends nobody out for a case like this (lines 3, 9 of the book): sort it"
                " first."
            ),
        ),
        (
            Refusal(
                "hop",
                leaves="L1",
                arrives="L3",
                ways=(Aside("L2", line=7), Aside("Office", line=8)),
            ),
            "The book knows no way from L1 to L3. It allows: L2 (line 7), Office (line 8).",
        ),
        (
            Refusal("carry over: ticket", ticket="SPK-1", why=Refusal("carry over", stage="Old")),
            "SPK-1: The new book has no stage “Old”: move the ticket first.",
        ),
        (Refusal("visit", state=Word("dated")), "This visit is dated already."),
    ],
)
def test_a_sentence_is_said_with_its_facts(refusal, said):
    assert refusal.sentence == said


def test_what_a_person_typed_is_no_template():
    assert "“{known}”" in Refusal("unknown team", team="{known}", known=("a",)).sentence


def test_words_of_ours_are_there_for_translating():
    acts = re.compile(r'hindrance\(desk, ticket, "([a-z ]+)"\)')
    given = {
        act for path in (PACKAGE / "engine").glob("*.py") for act in acts.findall(path.read_text())
    }
    assert {f"to {act}" for act in given} <= set(WORDS)
