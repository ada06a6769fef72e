"""What one test committed is not there for the next."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction

from deskbook.people.models import User
from deskbook.tickets.models import LogEntry, Ticket
from tests.emptying import empty
from tests.web.portal.conftest import make_cast


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_and_the_guards_stand_again():
    make_cast().case()
    empty()
    assert not any(model.objects.exists() for model in (User, Ticket, LogEntry))
    assert ContentType.objects.exists()
    make_cast().case()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("delete from deskbook_logentry")
