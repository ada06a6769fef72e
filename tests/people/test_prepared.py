"""A question that was put together once gives what the ORM gives, each time for other values."""

import pytest
from django.db import connection

from deskbook.channels.email.models import InboundMail
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared, written_out
from tests.people_factory import make_contact, make_desk, make_organisation

BY_NAME = Prepared(
    lambda desk, name: (
        Contact.objects.filter(desk=desk, name=name).select_related("organisation").order_by("pk")
    ),
    "desk",
    "name",
)


@pytest.fixture
def desk(db):
    return make_desk("sparkrock")


def test_each_asking_is_answered_for_its_own_values(desk):
    chitra = make_contact(desk, organisation=make_organisation(desk, plan="standard"))

    assert BY_NAME.ask(desk=desk.pk, name=chitra.name) == [chitra]
    assert BY_NAME.ask(desk=desk.pk, name="nobody") == []
    assert BY_NAME.first(desk=0, name=chitra.name) is None


def test_what_is_read_is_a_row_with_what_it_refers_to(desk, django_assert_num_queries):
    chitra = make_contact(desk, organisation=make_organisation(desk, plan="standard"))
    BY_NAME.ask(desk=desk.pk, name="nobody")

    with django_assert_num_queries(1):
        found = BY_NAME.first(desk=desk.pk, name=chitra.name)
        assert found is not None
        assert found.organisation.plan == "standard"
    found.language = "pt"
    found.save()
    chitra.refresh_from_db()
    assert chitra.language == "pt"


def test_what_is_not_there_is_read_as_nothing(desk):
    alone = make_contact(desk)

    found = BY_NAME.first(desk=desk.pk, name=alone.name)

    assert found is not None
    assert found.organisation is None


def test_a_plan_that_is_kept_for_any_value_knows_the_texts_a_question_always_has(db):
    held = Prepared(lambda desk: InboundMail.objects.filter(state="held", desk=desk), "desk")
    _compiler, sql, places, _converters = held._write()
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local plan_cache_mode = force_generic_plan")
        cursor.execute(f"prepare held (bigint) as {sql.replace('%s', '$1')}")
        cursor.execute("explain execute held (1)")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("deallocate held")

    assert len(places) == 1
    assert "mail_not_done" in plan  # which holds those alone whose state is one of a few


@pytest.mark.parametrize("text", ["held", "it's", "100 %", "%s", "a\\b", '"', "आशा"])
def test_a_text_that_is_written_into_a_statement_is_read_as_it_was(db, text):
    sql, left = written_out("select %s, %s, '100 %%'", [text, 7])

    with connection.cursor() as cursor:
        cursor.execute(sql, left)
        assert (cursor.fetchone(), left) == ((text, 7, "100 %"), [7])
