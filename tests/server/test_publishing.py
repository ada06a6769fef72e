"""`deskbook publish` at a terminal: a file and nothing else, from a book alone."""

import os
import subprocess
import sys
from pathlib import Path

BOOKS = Path(__file__).parents[2] / "books"


def publish(folder, *words):
    """Run the command where no desk is: without a database, a folder for data or a key."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("DESKBOOK", "DATABASE"))}
    own.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "deskbook", "publish", *map(str, words)]
    here = {**own, "PYTHONPATH": str(BOOKS.parent)}
    return subprocess.run(command, cwd=folder, env=here, capture_output=True, text=True)


def test_a_policy_is_one_file_that_fetches_and_runs_nothing(tmp_path):
    done = publish(tmp_path, BOOKS / "salama.yaml", "--lang", "pt", "-o", "policy.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["policy.html"]
    page = (tmp_path / "policy.html").read_text()
    assert '<html lang="pt"' in page
    assert "Todos os dias 06:00–24:00" in page
    for outside in ("<script", "src=", "<link", "url(http", "@import", "http://", "https://"):
        assert outside not in page, outside


def test_a_book_with_errors_is_not_published(tmp_path):
    text = (BOOKS / "small.yaml").read_text() + "\nsparkle: yes\n"
    (tmp_path / "wrong.yaml").write_text(text)
    done = publish(tmp_path, "wrong.yaml", "--format", "md")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "'sparkle' is not a key here" in done.stderr


def test_the_manual_is_written_in_the_languages_agents_read(tmp_path):
    done = publish(tmp_path, BOOKS / "spark.yaml", "--manual", "--lang", "ml")
    assert done.returncode == 2
    assert "the manual is written in en, pt, not in ml" in done.stderr


def test_the_example_in_the_docs_is_what_is_written(tmp_path):
    shown = (BOOKS.parent / "docs/book/publish.md").read_text().split("```\n")[1]
    command, _, example = shown.partition("\n")
    assert command == "$ deskbook publish books/small.yaml --format md"
    done = publish(tmp_path, BOOKS / "small.yaml", "--format", "md")
    assert done.stdout.startswith(example)
