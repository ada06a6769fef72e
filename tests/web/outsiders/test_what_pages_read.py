"""No page reads more because a desk has existed for longer: what its statements touch is counted on
tables of thousands of rows.
"""

import itertools
import re
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from deskbook.jobs.condition import condition
from tests.web.outsiders.asked import ASKED
from tests.web.outsiders.conftest import ask
from tests.web.outsiders.many_rows import ROWS, grown, make_many
from tests.web.outsiders.table import lines, with_things

pytestmark = pytest.mark.django_db
LINES = lines()
TABLES = {model._meta.db_table for model in grown()}
_COMMENTS = re.compile(r"\A(\s*--.*\n)*\s*")
FEW = ROWS // 5
"""Rows of a table that a statement may look at."""


@pytest.fixture(scope="module")
def years(desks, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        make_many(desks.home)
        yield desks
        transaction.set_rollback(True)


WHOLE = {
    "/console/people/contacts.csv": "all of it is what is asked for",
    "/console/improvements/": "how often each was found is counted anew",
    "/console/improvements/themes": "the same, for each month",
    "/console/articles/": "votes are counted anew",
    "/console/articles/{ArticleText}/": "the same",
    "/console/bridges/": "mirrored issues are counted, for owners alone",
    **dict.fromkeys(
        (
            f"/console/?queue=closed&{narrowed}"
            for narrowed in ("severity=s2", "stage=closed", "stage=new", "team=support")
        ),
        "no page of ended cases fits: the index that has their order has what narrows them as well",
    ),
    "/console/improvements/ratings?value=bad": "the same, of ratings",
    **dict.fromkeys(
        (
            f"/console/reports/flow/{asked}"
            for asked in (
                "",
                "?first=2026-01-01&last=2026-03-31",
                "?severity=s2",
                "tickets",
                "tickets?what=new",
                "export.csv",
            )
        ),
        "how all cases went is counted, in a table made narrow for it",
    ),
    "/console/days/2026-03-02/": "the same, of what was open at the end of the day",
    **dict.fromkeys(
        (
            "/console/search?q=the",
            "/console/search?q=export payroll",
            "/console/search?q=no such word",
            "/console/search?q=20",
            "/console/suggestions/places?q=pe",
            "/console/calls/callers?q=person",
            "/console/contacts/?q=person",
            "/console/people/contacts/?q=person",
            "/console/people/contacts/?q=no such person",
        ),
        "names of organisations, of places, and of people where all are listed, are looked through",
    ),
}
"""Pages that read a whole table of theirs all the same, and why. It grows with the directory, or
with what is asked for; of the day's work none reads what ended long ago.
"""


def test_no_page_reads_a_table_that_grows(years, clients):
    found = {}
    for role, address in _visits():
        with _looked_at() as statements:
            answer = ask(clients[role], "GET", with_things(address, years.home))
        assert answer.letter == "o", (address, answer.status)
        if statements:
            found[address] = statements
    assert {address: read for address, read in found.items() if address not in WHOLE} == {}
    assert set(found) == set(WHOLE), "a page that reads no whole table any more is not to say so"


def test_what_a_machine_that_watches_asks_reads_no_history(years):
    with _looked_at() as statements:
        assert {one.measure for one in condition()} >= {"arrivals", "departures", "tickets_open"}
    assert sorted(statements) == [], statements


def _visits():
    """Yields who asks for what: every address that lets them in, and what is asked beside it."""
    for line, role in itertools.product(LINES, ["owner", "requester"]):
        if line.answers[role][0] == "o":
            yield role, line.address
    for address in ASKED:
        yield "requester" if address.startswith("/desk/{desk}/cases/") else "owner", address


@contextmanager
def _looked_at():
    """Notes each statement that looks at more than FEW rows of a table that grows, with how many of
    which.
    """
    found = {}

    def explained(execute, sql, params, many, context):
        if _COMMENTS.sub("", sql).lower().startswith(("select", "with")) and not many:
            for table, rows in _rows_read(sql, params):
                if rows > FEW:
                    found[f"{table} {rows}"] = sql[:300]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        yield found


def _rows_read(sql, params):
    """Yields for each table that grows how many of its rows a statement looks at."""
    with connection.connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, timing off, format json) {sql}", params)
        plan = cursor.fetchone()[0][0]["Plan"]
    yield from _of_node(plan)


def _of_node(node):
    looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    looked_at += node.get("Rows Removed by Index Recheck", 0)
    if node.get("Relation Name") in TABLES:
        yield node["Relation Name"], looked_at * node["Actual Loops"]
    for below in node.get("Plans", ()):
        yield from _of_node(below)
