"""What people read is in no commit as it is compiled; whoever installs the desk has it all the same,
and whatever else it reads.
"""

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
