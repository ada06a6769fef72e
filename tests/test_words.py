"""What people read is in no commit as it is compiled; whoever installs the desk has it all the same."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from django.conf import settings

ROOT = Path(__file__).parents[1]


def test_a_desk_that_is_installed_speaks_every_language(tmp_path):
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("deskbook", "books"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("*.mo", "*.pyc"))
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clone)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, clone]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    others = {code for code, _ in settings.LANGUAGES if code != "en"}
    with ZipFile(wheel) as packed:
        assert {f"deskbook/locale/{code}/LC_MESSAGES/django.mo" for code in others} <= set(
            packed.namelist()
        )
