"""What fails for one is no reason that the others are not told; a database that fails, fails for
all.
"""

import pytest
from django.db import DatabaseError, connection

from deskbook.jobs.each import tell_each

TOO_LONG = "select to_tsvector(string_agg(md5(n::text), ' ')) from generate_series(1, 60000) n"
FULL = "do $$ begin raise exception 'no space left' using errcode = '53100'; end $$"


def telling(told, fails):
    def tell(person):
        if person == "Bala":
            with connection.cursor() as cursor:
                cursor.execute(fails)
        told.append(person)

    return tell


@pytest.mark.django_db
def test_a_text_the_database_cannot_hold_keeps_nobody_else_from_being_told():
    told = []
    with pytest.raises(ExceptionGroup):
        tell_each(["Asha", "Bala", "Chitra"], telling(told, TOO_LONG))
    assert told == ["Asha", "Chitra"]


@pytest.mark.django_db
def test_a_full_database_is_tried_again_for_all_at_once():
    told = []
    with pytest.raises(DatabaseError):
        tell_each(["Asha", "Bala", "Chitra"], telling(told, FULL))
    assert told == ["Asha"]
