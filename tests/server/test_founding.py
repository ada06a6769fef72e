"""Whoever runs a server answers five questions and has a desk of their own."""

import os
import pty
import re
import select
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest

from deskbook.book.load import load_book
from deskbook.book.shelf import books, ones_own
from deskbook.server.called import called
from deskbook.server.founding import _free_ports
from tests.conftest import database_of_the_tests
from tests.stories.running_desk import free_port

NEW = [sys.executable, "-m", "deskbook", "new"]
FAHRRAD = ("--yes", "--owner", "hans@fahrrad.example", "--name", "Fahrradhaus")


@pytest.fixture
def machine():
    """The environment of a person who has set nothing, where nobody else's desk is met."""
    ours = ("DESKBOOK_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "DESKBOOK_PORT": str(free_port()),
        "DESKBOOK_SMTP_LISTEN": f"127.0.0.1:{free_port()}",
        "DESKBOOK_LMTP_LISTEN": f"127.0.0.1:{free_port()}",
    }


def ran(*words, env, cwd, ends_in=0):
    done = subprocess.run([*NEW, *words], env=env, cwd=cwd, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == ends_in, done.stdout + done.stderr
    return done.stdout + done.stderr


def talked(answers, env, cwd):
    """Return what is said at a terminal to somebody who types these, one after each question."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(cwd)
        os.execve(sys.executable, NEW, env)
    said, heard_at, left = b"", time.monotonic(), list(answers)
    while True:
        asks = said.endswith((b": ", b"[Y/n] "))
        if left and asks and time.monotonic() - heard_at > 0.1:
            os.write(terminal, f"{left.pop(0)}\n".encode())
            said += b"|"
        assert time.monotonic() - heard_at < 60, said
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                said += (more := os.read(terminal, 4096))
            except OSError:
                break
            heard_at = time.monotonic()
            if not more:
                break
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return said.decode(), code


@contextmanager
def served(env, cwd):
    command = [sys.executable, "-m", "deskbook", "serve"]
    kept = {name: value for name, value in env.items() if not name.startswith("DESKBOOK_")}
    with subprocess.Popen(command, env=kept, cwd=cwd, stderr=subprocess.PIPE) as desk:
        try:
            yield
        finally:
            desk.send_signal(signal.SIGTERM)
            desk.communicate(timeout=60)


def fetched(address, patience=60):
    deadline = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address) as page:
                return page.read().decode()
        except OSError:
            assert time.monotonic() < deadline, f"nothing at {address}"
            time.sleep(0.2)


def test_five_answers_are_a_desk_that_serves_and_takes_mail(machine, tmp_path):
    answers = ["", "", "Fahrradhaus", "nope", "help@fahrrad.example"]
    said, code = talked(
        [
            *answers,
            f"smtp://hans@127.0.0.1:{free_port()}",
            "s3cret",
            "",
            "",
            "hans@fahrrad.example",
        ],
        machine,
        tmp_path,
    )
    assert code == 0, said
    assert "'nope' is not a mail address" in said
    assert "does not let us in: Connection refused. Letters wait until it does." in said
    assert "s3cret" not in said
    assert f"\n  {sys.executable} -m deskbook serve\r\n" in said
    file = tmp_path / "deskbook.env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "smtp://hans:s3cret@127.0.0.1:" in file.read_text()
    assert 'mail: ["help@fahrrad.example"]' in (tmp_path / "fahrradhaus.yaml").read_text()
    [link] = re.findall(r"http://localhost:\d+/first/", said)
    with served(machine, tmp_path):
        assert "<form" in fetched(link)
        assert "Fahrradhaus" in fetched(link.replace("/first/", "/desk/fahrradhaus/about/"))
        with smtplib.SMTP(*machine["DESKBOOK_SMTP_LISTEN"].split(":")) as line:
            line.sendmail("eva@home.example", ["help@fahrrad.example"], "Subject: Flat\n\nTyre.\n")
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                line.sendmail("eva@home.example", ["it@harbour.example"], "Subject: No\n\nNo.\n")


def test_a_port_that_is_taken_is_said_before_anything_is_asked(machine, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as there:
        machine["DESKBOOK_PORT"] = str(there.getsockname()[1])
        said = ran(*FAHRRAD, env=machine, cwd=tmp_path, ends_in=2)
    assert f"DESKBOOK_PORT: cannot listen on 127.0.0.1:{machine['DESKBOOK_PORT']}" in said
    assert "set DESKBOOK_PORT to another address" in said
    assert [*tmp_path.iterdir()] == []


def test_where_the_usual_port_is_taken_the_next_is_named_before_the_questions(
    machine, monkeypatch, capsys
):
    with socket.create_server(("127.0.0.1", 0)) as there:
        usual = there.getsockname()[1]
        monkeypatch.setattr("deskbook.server.founding.USUAL_PORTS", {"DESKBOOK_PORT": usual})
        found = _free_ports({"DESKBOOK_PORT": ""})
    assert int(found["DESKBOOK_PORT"]) > usual
    said = capsys.readouterr().out
    assert f"listens at port {usual}: this desk gets {found['DESKBOOK_PORT']}" in said


def test_the_command_is_said_as_it_was_called(monkeypatch, tmp_path):
    program = tmp_path / "program" / "bin" / "deskbook"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["program/bin/deskbook", "new"])
    assert called() == str(program)
    monkeypatch.setenv("PATH", str(program.parent))
    assert called() == "deskbook"


def test_a_desk_that_is_there_is_left_as_it_is(machine, tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk/deskbook.env").write_text("DESKBOOK_PORT=81\n")
    (tmp_path / "older/var/postgres").mkdir(parents=True)
    machine |= {"DATABASE_URL": ""}
    for folder in ("desk", "older"):
        said = ran(folder, *FAHRRAD, env=machine, cwd=tmp_path, ends_in=2)
        assert f"There is a desk already: {tmp_path / folder}" in said
    machine["DESKBOOK_DATA"] = str(tmp_path / "older/var")
    assert "There is a desk already" in ran("new", *FAHRRAD, env=machine, cwd=tmp_path, ends_in=2)
    assert (tmp_path / "desk/deskbook.env").read_text() == "DESKBOOK_PORT=81\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "desk",
        "deskbook.env",
        "older",
        "postgres",
        "var",
    ]


@pytest.mark.django_db
def test_a_database_that_holds_a_desk_is_not_begun_anew(machine, tmp_path):
    machine["DATABASE_URL"] = database_of_the_tests()
    said = ran("desk", *FAHRRAD, env=machine, cwd=tmp_path, ends_in=2)
    assert "The database of DATABASE_URL holds a desk already" in said
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--smtp", "smtps://hans:s3cret@mail.fahrrad.example"), "set DESKBOOK_SMTP_URL instead"),
        (("--imap", "imaps://hans:s3cret@mail.fahrrad.example"), "set DESKBOOK_IMAP_URLS instead"),
        (("--book", "nope"), "There are: small, "),
        (("--address", "ftp://fahrrad.example"), "it must look like https://desk.example.org"),
        (("--mail", "help"), "is not a mail address"),
        (("--zone", "Nowhere/Land"), "is no time zone"),
        (("--owner", "hans"), "is not a mail address"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence_and_nothing_is_made(
    machine, tmp_path, words, sentence
):
    said = ran("desk", *FAHRRAD, *words, env=machine, cwd=tmp_path, ends_in=2)
    assert sentence in said
    assert "s3cret" not in said
    assert not (tmp_path / "desk").exists()


def test_without_a_terminal_it_is_asked_by_an_option_who_leads(machine, tmp_path):
    assert "--owner" in ran("desk", "--yes", env=machine, cwd=tmp_path, ends_in=2)


@pytest.mark.parametrize("book", list(books()))
def test_each_book_that_comes_along_can_be_begun_with(book):
    text = ones_own(book, "Fahrradhaus: “Köln”", "help@fahrrad.example", "Asia/Kolkata")
    desk = load_book(text, name="fahrradhaus.yaml").desk_or_raise()
    assert (desk.title, desk.mail) == ("Fahrradhaus: “Köln”", ("help@fahrrad.example",))
    assert desk.prefix == "FAH"
