import ast
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import deskbook
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
    with pytest.raises(Unparsable, match=r"mail\.empty"):
        done_apart(parse, b" ")


def test_a_file_that_ends_too_early_is_an_error_of_its_own_and_its_reader_goes_on():
    reader = done_apart(os.getpid)
    with pytest.raises(EOFError, match="Ran out of input"):
        done_apart(pickle.loads, b"")
    assert done_apart(os.getpid) == reader


def test_work_that_wants_more_than_a_hundred_megabytes_is_ended_and_the_next_is_done():
    with pytest.raises(Over, match=r"apart\.memory.*100"):
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
        with pytest.raises(Over, match=r"apart\.seconds.*5"):
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
        "import os; from deskbook.people.apart import done_apart; print(done_apart(os.getpid),"
        " flush=True); input()"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with worker:
        number = int(worker.stdout.readline())
        assert Path(f"/proc/{number}").exists()
        worker.send_signal(signal.SIGKILL)
    for _ in range(200):
        if (
            not Path(f"/proc/{number}").exists()
            or "Z" in Path(f"/proc/{number}/stat").read_text().split()[2]
        ):
            break
        time.sleep(0.05)
    else:
        pytest.fail("it is still there")


def _handed_over():
    """Module and name of every function of ours that is given to be done apart."""
    for file in Path(deskbook.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text())
        imported = {
            name.asname or name.name: f"{node.module}:{name.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        module = ".".join(
            file.relative_to(Path(deskbook.__file__).parents[1]).with_suffix("").parts
        )
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        for call in calls:
            place = {"done_apart": 0, "done_within": 1}.get(call.func.id)
            if place is not None and module != "deskbook.people.apart":
                work = call.args[place].id
                yield imported.get(work, f"{module}:{work}")


def test_whatever_is_done_apart_can_be_begun_where_there_is_no_django():
    works = sorted(set(_handed_over()))
    assert "deskbook.channels.email.parse:parse" in works
    script = (
        "import sys; from pkgutil import resolve_name\nfor work in sys.argv[1:]: resolve_name(work)"
    )
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    begun = subprocess.run(
        [sys.executable, "-c", script, *works], env=known, capture_output=True, text=True
    )
    assert begun.returncode == 0, begun.stderr[-600:]
