"""One desk on two machines with one database: nothing is done twice, and what one sees the other
sees.
"""

import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import Sink
from tests.stories.people_at_screens import Window
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import BOOK, free_port, patiently

pytestmark = pytest.mark.browser

ASHA, BALA = "asha@night.example", "bala@night.example"
LETTERS = 12


@dataclass
class Machine:
    """Where somebody at a window of the second machine goes."""

    site: str
    sink: Sink


@contextmanager
def second_machine(desk, folder):
    """Yield a machine that serves pages and works, and takes no mail in: what it knows of the first
    is the database and the key.
    """
    port = free_port()
    environment = {
        **desk.environment,
        "DATABASE_URL": desk.database_url(),
        "DESKBOOK_SECRET_KEY": (desk.data / "secret_key").read_text().strip(),
        "DESKBOOK_DATA": str(folder),
        "DESKBOOK_PORT": str(port),
        "DESKBOOK_SITE_URL": desk.site,
    }
    parts = []
    with open(folder / "second.log", "ab") as log:
        for part in ("web", "worker"):
            command = [sys.executable, "-m", "deskbook", part]
            parts.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
    try:
        patiently(lambda: desk.is_open(port), "the pages of the second machine")
        yield Machine(f"http://127.0.0.1:{port}", desk.sink)
    finally:
        for part in parts:
            part.send_signal(signal.SIGTERM)
        for part in parts:
            part.wait(30)


@pytest.fixture
def windows(story, chromium, tmp_path):
    agents = ((ASHA, "--name", "Asha"), (BALA, "--name", "Bala"))
    with (
        story("night", BOOK.read_text(encoding="utf-8"), *agents) as (desk, at_window),
        second_machine(desk, tmp_path) as second,
    ):
        bala = Window(second, chromium, BALA).sign_in()
        yield desk, at_window(ASHA), bala
        bala.close()


def test_two_machines_do_each_thing_once_and_show_each_other_what_happens(windows):
    desk, asha, bala = windows
    for window in (asha, bala):
        window.open("/console/?queue=open")
        expect(window.page.locator("#live.on")).to_be_attached()

    senders = [f"person{n}@outside.example" for n in range(LETTERS)]
    for n, sender in enumerate(senders):
        send(desk, letter(sender, f"Lamp {n} is out", "It stays dark."), sender)
    for window in (asha, bala):
        for n in range(LETTERS):
            expect(window.page.locator("#list")).to_contain_text(f"Lamp {n} is out")
    patiently(lambda: len(acknowledgements(desk)) >= LETTERS, "all acknowledgements")

    numbers = [number for (number,) in desk.select("select number from deskbook_ticket order by 1")]
    assert len(numbers) == LETTERS
    asha_at, bala_at = (f"NGT-{numbers[place]}" for place in (0, 1))
    bala.open(asha_at)
    expect(bala.page.locator("#live.on")).to_be_attached()
    asha.writes(asha_at, "A new bulb is on its way.")
    expect(bala.page.locator("#timeline")).to_contain_text("A new bulb is on its way.")
    asha.open(bala_at)
    expect(asha.page.locator("#live.on")).to_be_attached()
    bala.writes(bala_at, "Switch it off and on.")
    expect(asha.page.locator("#timeline")).to_contain_text("Switch it off and on.")

    patiently(lambda: sum(answered(desk, senders)) >= 2, "both answers")
    desk.kill("worker")  # the second goes on with what is left
    send(desk, letter(senders[0], "The stairs are dark", "All of them."), senders[0])
    patiently(lambda: len(acknowledgements(desk)) > LETTERS, "one more acknowledgement")
    assert [mail for mail, times in Counter(desk.sink.ids()).items() if times > 1] == []
    assert len(acknowledgements(desk)) == LETTERS + 1
    assert sorted(answered(desk, senders)) == [0] * (LETTERS - 2) + [1, 1]


def acknowledgements(desk):
    return desk.sink.mails(Auto_Submitted="auto-replied")


def answered(desk, senders):
    """Return how many answers of the desk each of them got."""
    mails = [desk.sink.mails(sender) for sender in senders]
    return [sum(not mail["Auto-Submitted"] for mail in of_one) for of_one in mails]
