"""A directory larger than one batch is taken in whole; how fast is measured by
bench/directory.py.
"""

from datetime import timedelta

import pytest

from deskbook.people.lists.uploads import (
    BATCH,
    accept_upload,
    read_upload,
    take_upload,
    write_upload,
)
from deskbook.people.models import Contact, ContactIdentity, User
from deskbook.people.upload_models import UploadProgress
from tests.people_factory import MONDAY, make_agent, make_desk

LINES = 2 * BATCH + 1


@pytest.mark.django_db
def test_a_directory_of_several_batches_is_taken_in_whole():
    bala = make_agent(make_desk("sparkrock"), "Bala", role="lead")
    lines = (
        f"Person {n},p{n}@north.example,+1416{n:07},{n},Office {n % 400}" for n in range(LINES)
    )
    data = "\n".join(["name,mail,phone,pen,office", *lines]).encode()
    upload = read_upload(
        take_upload(bala, "contacts", "directory.csv", data, at=MONDAY).pk, at=MONDAY
    )
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
