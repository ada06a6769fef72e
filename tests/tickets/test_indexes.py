"""Every act pays for every index of the rows it writes."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
WRITTEN_WITH_EVERY_CASE = (
    "ticket",
    "logentry",
    "message",
    "participant",
    "queuechange",
    "outboundmail",
    "contact",
    "contactidentity",
)
WHAT_ANOTHER_BEGINS_WITH = """
    select one.indexrelid::regclass::text, longer.indexrelid::regclass::text
    from pg_index one join pg_index longer using (indrelid)
    where one.indrelid = any(%s::regclass[]) and one.indexrelid <> longer.indexrelid
        and not one.indisunique and one.indnkeyatts = 1 and one.indkey[0] = longer.indkey[0]
        and one.indclass[0] = longer.indclass[0] and one.indexprs is null
        and one.indpred is null and longer.indpred is null
"""


def test_no_index_of_a_case_answers_what_a_longer_one_answers_as_well():
    tables = [f"deskbook_{name}" for name in WRITTEN_WITH_EVERY_CASE]
    with connection.cursor() as cursor:
        cursor.execute(WHAT_ANOTHER_BEGINS_WITH, [tables])
        assert cursor.fetchall() == []
