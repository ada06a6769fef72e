"""`deskbook simulate` at a terminal: no database, the same for the same seed, findings with lines."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deskbook.config.refusals import CommandRefused
from deskbook.server.simulating import simulate

ROOT = Path(__file__).parents[2]
LOAD = """from: 2026-01-05
until: 2026-01-18
arrivals:
  - { per week: 60, channel: phone, category: computer, severity: { urgent: 20%, normal: 80% } }
  - { per week: 40, channel: email, category: account }
handling:
  - { level: second, takes: 40m }
  - { takes: 20m, hands on: 15%, asks: 10% }
people:
  - { team: desk, count: 1 }
  - { team: systems, count: 2 }
patience: { phone: 10m }
"""


@pytest.fixture
def load(tmp_path):
    file = tmp_path / "load.yaml"
    file.write_text(LOAD)
    return file


def simulated(capsys, *words):
    code = simulate([str(ROOT / "books/small.yaml"), *map(str, words)])
    return code, capsys.readouterr()


def test_the_same_seed_gives_the_same_bytes_however_many_processes_there_are(load):
    command = [
        sys.executable,
        "-m",
        "deskbook",
        "simulate",
        "books/small.yaml",
        "--load",
        str(load),
    ]
    told = [
        subprocess.run(
            [*command, "--runs", "2", "--json", *more],
            cwd=ROOT, capture_output=True, check=True, env={"PATH": "", "PYTHONHASHSEED": seed},
        ).stdout
        for seed, more in (("1", ["--processes", "1"]), ("2", ["--processes", "2"]))
    ]  # fmt: skip
    assert told[0] == told[1]
    assert json.loads(told[0])["desk"] == "small"


def test_a_lead_reads_promises_waiting_and_who_is_busy(capsys, load, tmp_path):
    page, table = tmp_path / "page.html", tmp_path / "table.csv"
    code, said = simulated(
        capsys, "--load", load, "--runs", 2, "--processes", 1, "--html", page, "--csv", table
    )
    assert code == 0
    for words in ("first answer", "Urgent", "gave up waiting", "Systems", "open cases"):
        assert words in said.out
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert {row["what"] for row in rows} >= {"met", "wait", "utilisation", "backlog"}
    html = page.read_text()
    assert html.count("<svg") >= 4 and "<script" not in html and "http" not in html


def test_a_wish_is_answered_with_the_smallest_roster(capsys, load):
    wishes = ("80% of phone within 2m", "50% of normal respond")
    code, said = simulated(
        capsys, "--load", load, "--runs", 3, "--processes", 1, "--json",
        "--wish", wishes[0], "--wish", wishes[1],
    )  # fmt: skip
    told = json.loads(said.out)
    assert code == 0 and told["enough"]
    assert [wish["said"] for wish in told["wishes"]] == list(wishes)
    assert told["wishes"][0]["low"] >= 0.8
    people = {group["teams"][0]: group["count"] for group in told["people"]}
    assert people["desk"] > 1 and people["systems"] == 1, "who is not needed for it is let go"


def test_a_wish_nobody_can_read_is_refused_with_how_to_write_it(capsys, load):
    for wish, said in (
        ("many of resolve", "write 95% of P1 resolve"),
        ("90% of urgend resolve", "did you mean 'urgent'?"),
        ("90% of urgent solve", "did you mean 'resolve'?"),
    ):
        with pytest.raises(CommandRefused, match=re.escape(said)):
            simulated(capsys, "--load", load, "--wish", wish)


def test_a_wish_that_no_number_of_people_reaches_says_so(capsys, load):
    load.write_text(LOAD.replace("category: account", "category: account, during: always"))
    code, said = simulated(
        capsys, "--load", load, "--runs", 2, "--processes", 1, "--wish", "100% of email within 1s"
    )
    assert code == 1
    assert "not reached by more people alike" in said.out


def test_what_is_wrong_in_the_load_is_said_with_file_and_line(capsys, load):
    load.write_text(LOAD.replace("computer", "computter"))
    code, said = simulated(capsys, "--load", load)
    assert code == 1
    assert said.err.startswith(f"{load}:4:")
    assert "did you mean 'computer'?" in said.err


def test_what_the_page_shows_of_a_run_is_what_a_run_prints(capsys):
    command, _, told = (
        (ROOT / "docs/book/simulate.md").read_text().split("```")[1].strip().partition("\n")
    )
    words = command.removeprefix("$ deskbook simulate ").split()
    book, load = (str(ROOT / word) for word in (words[0], words[2]))
    simulate([book, "--load", load, *words[3:], "--processes", "1"])
    assert capsys.readouterr().out.strip() == told.strip()
