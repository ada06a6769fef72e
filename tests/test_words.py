"""What people read is in no commit as it is compiled; whoever installs the desk has it all the same,
and whatever else it reads.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Return what somebody has who gets the sources and nothing that was made of them."""
    clone = tmp_path_factory.mktemp("sources") / "clone"
    clone.mkdir()
    made = shutil.ignore_patterns("*.mo", "*.pyc", "__pycache__")
    for name in ("deskbook", "books"):
        shutil.copytree(ROOT / name, clone / name, ignore=made)
    (clone / "tests").mkdir()
    (clone / "tests/__init__.py").touch()
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clone)
    return clone


@pytest.fixture(scope="module")
def packed(clone):
    """Return the names of the files that are installed of them."""
    sources = {path.relative_to(clone).as_posix() for path in clone.rglob("*") if path.is_file()}
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", clone.parent, clone]
    subprocess.run(build, check=True)
    (wheel,) = clone.parent.glob("*.whl")
    with ZipFile(wheel) as packed:
        return sources, set(packed.namelist())


def test_a_desk_that_is_installed_speaks_every_language(packed):
    _sources, installed = packed
    others = {code for code, _ in settings.LANGUAGES if code != "en"}
    assert {f"deskbook/locale/{code}/LC_MESSAGES/django.mo" for code in others} <= installed


def test_a_desk_that_is_installed_has_every_file_it_reads(packed):
    sources, installed = packed
    assert {name for name in sources if name.startswith("deskbook/")} - installed == set()


def test_a_desk_that_is_installed_brings_the_books_it_can_begin_with_and_nothing_of_the_house(
    packed,
):
    sources, installed = packed
    books = {name for name in sources if re.fullmatch(r"books/\w+\.yaml", name)}
    (data,) = {name.partition("/")[0] for name in installed if ".data/" in name}
    assert len(books) > 1
    assert {f"{data}/data/share/deskbook/{name}" for name in books} <= installed
    assert {name.partition("/")[0] for name in installed} == {
        "deskbook",
        data,
        data.replace(".data", ".dist-info"),
    }
