"""What check proves of the lines of a book, Z3 proves too: two ways to one truth, over books that
nobody wrote.
"""

import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbook.book.load import load_book

HEAD = """
deskbook: 1
name: Harbour
zone: UTC
hours: { always: { every day: 00:00-24:00 } }
teams: { x: , y: }
"""
FACETS = {"place": ("a", "b", "c"), "kind": ("d", "e"), "size": ("f", "g", "h")}
CASE = {name: z3.Int(name) for name in FACETS}
EXAMPLES = settings(max_examples=25, deadline=None)
conditions = st.fixed_dictionaries(
    {},
    optional={
        name: st.sets(st.sampled_from(values), min_size=1) for name, values in FACETS.items()
    },
)
several = st.lists(conditions, min_size=1, max_size=6)
some_facets = st.sets(st.sampled_from(sorted(FACETS)))


def fits(when):
    """Return that the case fits a line, for Z3."""
    said = (
        z3.Or(*(CASE[facet] == FACETS[facet].index(value) for value in values))
        for facet, values in when.items()
    )
    return z3.And(z3.BoolVal(True), *said)


def cases(always):
    """Return which cases there are: a facet that is not always given may be left unsaid (-1)."""
    bounds = (
        z3.And(CASE[name] >= (0 if name in always else -1), CASE[name] < len(values))
        for name, values in FACETS.items()
    )
    return z3.And(*bounds)


def can_be(*wanted):
    solver = z3.Solver()
    solver.add(*wanted)
    return solver.check() == z3.sat


def none_of(lines):
    return z3.Not(z3.Or(z3.BoolVal(False), *map(fits, lines)))


def checked(always, section, lines, more):
    """Return which of the lines have which code, and all codes, by `check`."""
    facets = "".join(
        f"  {name}: {{ values: [{', '.join(values)}], asked: requester"
        f"{', required: yes' if name in always else ''} }}\n"
        for name, values in FACETS.items()
    )
    told = [[f"{f}: [{', '.join(sorted(v))}]" for f, v in when.items()] for when in lines]
    written = "".join(f"  - {{ {', '.join([*one, more])} }}\n" for one in told)
    text = f"{HEAD}facets:\n{facets}{section}{written}"
    first = text.count("\n") - len(lines) + 1
    found = load_book(text).findings
    return {(one.line - first, one.code) for one in found}, {one.code for one in found}


@EXAMPLES
@given(lines=several)
def test_z3_finds_the_same_rules_dead_and_the_same_books_with_a_case_that_none_takes(lines):
    there = cases(FACETS)
    dead = {n for n, one in enumerate(lines) if not can_be(there, fits(one), none_of(lines[:n]))}
    by_line, codes = checked(FACETS, "routing:\n  rules:\n", lines, "to: x")
    assert {n for n, code in by_line if code == "dead-rule"} == dead
    assert ("unrouted" in codes) == can_be(there, none_of(lines))


@EXAMPLES
@given(lines=several, always=some_facets)
def test_z3_finds_the_same_promises_dead(lines, always):
    def stronger(n):
        """Return the lines that count before one: they say more, or as much and stand above."""
        size = len(lines[n])
        above = (one for one in lines[:n] if len(one) == size)
        return [*(one for one in lines if len(one) > size), *above]

    there = cases(always)
    dead = {n for n, one in enumerate(lines) if not can_be(there, fits(one), none_of(stronger(n)))}
    by_line, _codes = checked(always, "targets:\n", lines, "respond: 2h")
    assert {n for n, code in by_line if code == "dead-target"} == dead
