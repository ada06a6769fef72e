import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deskbook.channels.email.mail import Unparsable
from deskbook.channels.email.parse import parse
from deskbook.people import apart
from deskbook.people.apart import Over, done_apart


def test_work_comes_back_as_if_it_had_been_done_here():
    assert done_apart(sorted, [3, 1, 2], reverse=True) == [3, 2, 1]


def test_thirty_five_megabytes_go_in_and_come_back_within_the_limits():
    sent = os.urandom(35 * 1024 * 1024)
    assert done_apart(bytes, sent) == sent


def test_what_is_refused_there_is_refused_here_with_its_sentence():
    with pytest.raises(Unparsable, match="not one byte"):
        done_apart(parse, b" ")


def test_work_that_wants_more_than_a_hundred_megabytes_is_ended_and_the_next_is_done():
    with pytest.raises(Over, match="100 MB"):
        done_apart(bytes, 120 * 1024 * 1024)
    assert done_apart(len, "next") == 4


def test_work_that_ends_its_process_is_told_so():
    with pytest.raises(Over):
        done_apart(os.abort)


def test_a_lost_pattern_is_ended_after_five_seconds_of_work_and_keeps_nobody_waiting():
    with ThreadPoolExecutor(2) as threads:
        lost = threads.submit(done_apart, re.fullmatch, "(a|a)+", "a" * 60 + "!")
        assert [done_apart(len, "x" * n) for n in range(20)] == list(range(20))
        assert not lost.done()
        with pytest.raises(Over, match="more than 5 seconds"):
            lost.result()


def test_one_process_does_one_piece_of_work_after_the_other():
    assert done_apart(os.getpid) == done_apart(os.getpid) != os.getpid()


def test_no_secret_of_ours_is_where_foreign_bytes_are_read():
    os.environ["DESKBOOK_SECRET_OF_A_TEST"] = "x"
    room = apart._Room()
    del os.environ["DESKBOOK_SECRET_OF_A_TEST"]
    assert room.ask(os.getenv, ("PATH",), {}, apart.Limits()) == os.environ["PATH"]
    assert room.ask(os.getenv, ("DESKBOOK_SECRET_OF_A_TEST",), {}, apart.Limits()) is None
    room.end()


def test_the_process_ends_with_the_one_that_brought_it_work_however_that_ended():
    script = (
        "import os; from deskbook.people.apart import done_apart; print(done_apart(os.getpid), flush=True); input()"
    )
    worker = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with worker:
        number = int(worker.stdout.readline())
        assert Path(f"/proc/{number}").exists()
        worker.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not Path(f"/proc/{number}").exists() or "Z" in Path(f"/proc/{number}/stat").read_text().split()[2]:
            break
        time.sleep(0.05)
    else:
        pytest.fail("it is still there")
