"""A directory of a hundred thousand people is a matter of seconds, not of minutes."""

import os
import time
from datetime import timedelta

import pytest

from deskbook.people.lists.uploads import accept_upload, read_upload, take_upload, write_upload
from deskbook.people.models import Contact, ContactIdentity, User
from deskbook.people.upload_models import UploadProgress
from tests.people_factory import MONDAY, make_agent, make_desk

LINES = 100_000
MINUTE = 60 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # as much longer as others use the machine


@pytest.mark.django_db
def test_a_directory_of_100_000_people_is_read_and_taken_in_within_a_minute():
    bala = make_agent(make_desk("sparkrock"), "Bala", role="lead")
    lines = (f"Person {n},p{n}@north.example,+1416{n:07},{n},Office {n % 400}" for n in range(LINES))
    data = "\n".join(["name,mail,phone,pen,office", *lines]).encode()
    began = time.monotonic()
    upload = read_upload(take_upload(bala, "contacts", "directory.csv", data, at=MONDAY).pk, at=MONDAY)
    assert (upload.added, upload.wrong) == (LINES, 0)
    accept_upload(upload)
    done = write_upload(upload.pk, at=MONDAY + timedelta(minutes=1))
    took = time.monotonic() - began
    assert (done.state, done.problem) == ("done", "")
    assert Contact.objects.count() == LINES
    assert ContactIdentity.objects.count() == 3 * LINES
    assert User.objects.filter(email="p99999@north.example", contacts__name="Person 99999").exists()
    assert UploadProgress.objects.get(upload_id=upload.pk).done == LINES
    assert took < MINUTE
