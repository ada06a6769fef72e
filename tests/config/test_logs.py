"""What a part writes is a log that a machine can read, whoever wrote it, with nothing secret
in it.
"""

import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from deskbook.config.logs import relayed
from deskbook.server.serve import Part, Supervisor
from tests.server.test_migration import run


def test_what_a_part_did_not_log_itself_is_logged_for_it():
    panic = b"thread panicked at smtps://desk:s3cret@mail.example.org\n"
    logged = b'{"event": "mail is taken", "level": "info"}\n'
    first, second = relayed([panic, b"\n", logged], "web")
    assert json.loads(first)["event"] == "thread panicked at smtps://desk:•••@mail.example.org"
    assert (json.loads(first)["logger"], second) == ("web", logged.decode().strip())


@pytest.mark.parametrize(
    "words",
    ["raise RuntimeError('the bell rings')", "import warnings; warnings.warn('the bell rings')"],
)
def test_what_nobody_caught_is_one_line(words):
    program = (
        "from deskbook.config.logs import configure_logs; configure_logs('INFO', part=True);"
        f" {words}"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    ).stderr.splitlines()
    assert len(said) == 1
    assert "the bell rings" in said[0]
    assert json.loads(said[0])


def test_the_words_of_a_part_reach_the_log_when_it_ends(capfd):
    part = Part("broken", [sys.executable, "-c", "print('the bell rings')"])
    supervisor = Supervisor([part], lambda: None)
    supervisor.start()
    part.process.wait(20)
    supervisor.end()
    assert json.loads(capfd.readouterr().err)["event"] == "the bell rings"


def test_a_part_on_a_port_that_is_taken_says_so_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken, ThreadPoolExecutor() as at_once:
        port = taken.getsockname()[1]
        address = f"127.0.0.1:{port}"
        given = {
            "mail": ("DESKBOOK_SMTP_LISTEN", address),
            "web": ("DESKBOOK_PORT", str(port)),
        }
        # Each waits ten seconds for whoever was killed a moment ago.
        asked = {
            setting: at_once.submit(run, "postgresql://127.0.0.1:1/nowhere", part, **{setting: to})
            for part, (setting, to) in given.items()
        }
        done = {setting: one.result() for setting, one in asked.items()}
    assert [one.returncode for one in done.values()] == [2, 2]
    for setting, one in done.items():
        said = json.loads(one.stderr.splitlines()[-1])["event"]
        assert f"{setting}: cannot listen on {address}" in said
