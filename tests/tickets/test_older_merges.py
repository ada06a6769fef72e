"""Cases that were merged before those of two people were followed by both."""

from datetime import timedelta

import pytest

from deskbook.engine.decide_relations import decide_absorb, decide_merge
from deskbook.people.access import actor_of
from deskbook.people.models import Contact
from deskbook.people.reading_since import reads_since
from deskbook.tickets.followers import who_is_answered
from deskbook.tickets.log import act
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Participant, Ticket
from deskbook.tickets.older_merges import follow_older_merges
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import remove_participant
from deskbook.tickets.relations import unmerge_ticket
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
UPGRADE = MONDAY + timedelta(minutes=5)


@pytest.fixture
def asha():
    return make_agent(make_desk())


def opened(contact):
    return open_ticket(
        contact, NewCase("Printer", Written("Help"), "portal"), at=MONDAY, by=contact
    ).ticket


@pytest.fixture
def merged(asha):
    """Dev's case, merged into Chitra's as an older version did it: nobody follows for that."""
    chitras, devs = (opened(make_contact(asha.desk, name)) for name in ("Chitra", "Dev"))
    how = {"at": MONDAY, "by": actor_of(asha)}
    act(devs.pk, lambda d, s: decide_merge(d, s, str(chitras), own=str(devs), **how), **how)
    act(chitras.pk, lambda d, s: decide_absorb(d, s, str(devs), **how), **how)
    return chitras, devs


def upgraded(chitras):
    """Let the upgrade do its part, twice; who is answered on Chitra's case then, by name."""
    follow_older_merges(at=UPGRADE)
    assert follow_older_merges(at=UPGRADE) == 0
    assert list(broken_links(Ticket.objects.select_related("desk"))) == []
    return [str(one) for one in who_is_answered(Ticket.objects.get(pk=chitras.pk))]


def test_whose_case_an_older_version_merged_follows_it_from_the_upgrade_on_and_nothing_is_sent(
    merged,
):
    chitras, _devs = merged
    before = set(LogEntry.objects.values_list("pk", flat=True))
    assert upgraded(chitras) == ["Chitra", "Dev"]
    new = LogEntry.objects.exclude(pk__in=before)
    assert [(entry.kind, entry.actor) for entry in new] == [("ParticipantAdded", "system")]
    assert reads_since(Contact.objects.get(name="Dev"), chitras) == UPGRADE


def test_a_merge_that_was_taken_back_lets_nobody_follow(merged, asha):
    chitras, devs = merged
    unmerge_ticket(devs, at=MONDAY, by=asha)
    assert upgraded(chitras) == ["Chitra"]


def test_who_left_the_case_does_not_follow_it_again(merged):
    chitras, _devs = merged
    dev = Contact.objects.get(name="Dev")
    upgraded(chitras)
    remove_participant(chitras, dev, at=UPGRADE, by=dev)
    assert upgraded(chitras) == ["Chitra"]
    assert not Participant.objects.filter(ticket=chitras, contact=dev).exists()


def test_people_of_another_organisation_do_not_follow_without_a_yes(merged):
    chitras, devs = merged
    for ticket, name in ((chitras, "Northwind"), (devs, "Harbour")):
        Ticket.objects.filter(pk=ticket.pk).update(
            organisation=make_organisation(ticket.desk, name)
        )
    assert follow_older_merges(at=UPGRADE) == 0
