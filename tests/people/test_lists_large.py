"""A directory larger than one batch is taken in whole; how fast is measured by
bench/directory.py.
"""

from datetime import timedelta

import pytest

from deskbook.people.lists.batches import BATCH
from deskbook.people.lists.uploads import (
    accept_upload,
    read_upload,
    take_upload,
    write_upload,
)
from deskbook.people.models import Contact, ContactIdentity, User
from deskbook.people.upload_models import UploadProgress
from tests.people_factory import MONDAY, make_agent, make_desk

LINES = 2 * BATCH + 1


@pytest.fixture
def bala(db):
    return make_agent(make_desk("sparkrock"), "Bala", role="lead")


def directory(*more):
    """Return the list as a file, with lines after the last one."""
    lines = (
        f"Person {n},p{n}@north.example,+1416{n:07},{n},Office {n % 400}" for n in range(LINES)
    )
    return "\n".join(["name,mail,phone,pen,office", *lines, *more]).encode()


def as_read(bala, data):
    upload = take_upload(bala, "contacts", "directory.csv", data, at=MONDAY)
    return read_upload(upload.pk, at=MONDAY)


def test_who_stands_in_a_directory_twice_is_found_however_far_apart(bala):
    upload = as_read(
        bala,
        directory(
            "Somebody,first@north.example,+5511987654321,n1,Office 1",
            "Person 0,p0@north.example,+14160000000,0,Office 0",
            "Somebody else,P3@NORTH.example,,n2,Office 3",
            "Somebody,,+551187654321,,Office 1",
        ),
    )
    last = list(upload.rows.order_by("-line").values_list("verdict", "why")[:3])
    assert [verdict for verdict, _why in last] == ["wrong", "wrong", "same"]
    assert f'"number": "{LINES + 2}"' in last[0][1]  # a mobile of Brazil, without its 9
    assert '"number": "5"' in last[1][1]


def test_a_directory_that_was_taken_in_says_nothing_new_the_next_month(bala):
    upload = as_read(bala, directory())
    accept_upload(upload)
    write_upload(upload.pk, at=MONDAY)

    again = as_read(bala, directory("Anew,anew@north.example,,anew,Office 1"))

    assert (again.same, again.added, again.changed, again.wrong) == (LINES, 1, 0, 0)


def test_a_directory_of_several_batches_is_taken_in_whole(bala):
    upload = as_read(bala, directory())
    assert (upload.added, upload.wrong) == (LINES, 0)
    accept_upload(upload)
    done = write_upload(upload.pk, at=MONDAY + timedelta(minutes=1))
    assert (done.state, done.problem) == ("done", "")
    assert Contact.objects.count() == LINES
    assert ContactIdentity.objects.count() == 3 * LINES
    assert User.objects.filter(
        email=f"p{LINES - 1}@north.example", contacts__name=f"Person {LINES - 1}"
    ).exists()
    assert UploadProgress.objects.get(upload_id=upload.pk).done == LINES
