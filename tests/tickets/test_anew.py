"""A newer version that counts otherwise moves open tickets once, says so in their logs, and leaves
`verify` clean.
"""

from datetime import timedelta

import pytest

from deskbook.tickets.anew import work_out_anew
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_contact, make_desk


@pytest.mark.django_db
def test_what_a_newer_version_counts_otherwise_is_worked_out_anew_once_and_recorded():
    chitra = make_contact(make_desk("sparkrock"))
    new = NewCase("Empty", Written("Help"), "portal", severity="s2")
    moved, same = (open_ticket(chitra, new, at=MONDAY, by=chitra).ticket for _n in range(2))
    due_at, older = moved.next_due_at, moved.next_due_at - timedelta(hours=1)
    # As an older version had it.
    Ticket.objects.filter(pk=moved.pk).update(next_due_at=older, due_order_at=older)
    assert len(list(broken_links(Ticket.objects.select_related("desk")))) == 1
    assert work_out_anew(at=MONDAY) == 1
    assert work_out_anew(at=MONDAY) == 0
    moved.refresh_from_db()
    assert moved.next_due_at == due_at
    assert list(broken_links(Ticket.objects.select_related("desk"))) == []
    entry = moved.log.order_by("-seq").first()
    assert (entry.kind, entry.data["was_at"]) == (
        "WorkedOutAnew",
        older.isoformat().replace("+00:00", "Z"),
    )
    assert same.log.filter(kind="WorkedOutAnew").count() == 0
