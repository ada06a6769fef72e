"""What connects a desk to others stands in one list, and each says of itself what others ask."""

from collections import Counter
from pathlib import Path

import pytest

from deskbook import channels
from deskbook.channels.all import FOLDERS, carrying, connections
from deskbook.jobs.worker import SLOTS

PACKAGE = Path(channels.__file__).parents[1]


@pytest.mark.parametrize("room", ["channels", "bridges"])
def test_every_folder_that_connects_the_desk_is_in_the_list(room):
    folders = {
        f"deskbook.{room}.{path.parent.name}" for path in PACKAGE.glob(f"{room}/*/__init__.py")
    }
    assert folders == {folder for folder in FOLDERS if folder.startswith(f"deskbook.{room}.")}


def test_people_are_tried_by_chat_then_mail_then_what_costs():
    assert list(carrying())[:4] == ["chat", "email", "whatsapp", "sms"]


@pytest.mark.parametrize("of", ["of_desk", "clearing", "clears_with_bytes", "screens"])
def test_no_two_say_something_else_of_the_same(of):
    said = Counter(name for one in connections() for name in getattr(one, of))
    assert [name for name, times in said.items() if times > 1] == []


def test_each_job_waits_where_a_worker_looks():
    queues = {queue for slots in SLOTS for queue in slots.queues}
    clocked = [what for one in connections() for what in one.by_the_clock.values()]
    assert {what.queue for one in connections() for what in (*one.jobs, *clocked)} <= queues
