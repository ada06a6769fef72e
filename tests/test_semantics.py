"""The contract of the engine is a page, and what cites a clause of it cites one that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/algorithms/semantics.md"
CITATION = re.compile(r"semantics\s+(§\d+(?:\.\d+)?(?:,\s+§\d+(?:\.\d+)?)*)", re.IGNORECASE)


def clauses_cited():
    """Yield (clause, where) for each clause that the code, the tests or a page of docs cites."""
    pages = [path for path in (ROOT / "docs").rglob("*.md") if path != PAGE]
    for path in [*(ROOT / "deskbook").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *pages]:
        for cited in CITATION.findall(path.read_text()):
            yield from (
                (clause, str(path.relative_to(ROOT))) for clause in re.split(r",\s+", cited)
            )


def test_every_clause_that_is_cited_stands_on_the_page():
    page = PAGE.read_text()
    there = set(re.findall(r"^(?:- \*\*|## )(§[\d.]+)", page, re.M))
    cited = set(clauses_cited())
    # Else the citations are written in a way this does not read.
    assert len({where for _, where in cited}) > 12
    assert {(clause, where) for clause, where in cited if clause not in there} == set()
    assert set(re.findall(r"\((§[\d.]+)\)", page)) <= there


def test_the_clauses_are_numbered_one_after_the_other():
    numbers = re.findall(r"^- \*\*§(\d+)\.(\d+)\*\*", PAGE.read_text(), re.M)
    by_chapter = {chapter: [int(n) for c, n in numbers if c == chapter] for chapter, _ in numbers}
    assert list(by_chapter) == [str(n) for n in range(1, len(by_chapter) + 1)]
    assert all(found == list(range(1, len(found) + 1)) for found in by_chapter.values())
