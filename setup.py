"""Compiles what people read (`django.po` to the `django.mo` beside it), which no clone holds: for
whatever is installed as it is built, in a clone by `make`. All else is in pyproject.toml.
"""

from pathlib import Path

import polib
from setuptools import Command, setup
from setuptools.command.build_py import build_py

LOCALE = Path(__file__).parent / "deskbook" / "locale"


class Words(Command):
    """Writes each `django.mo`, of all that has been translated."""

    user_options = []

    def initialize_options(self):
        """The command has none."""

    def finalize_options(self):
        """Nothing depends on any."""

    def run(self):
        for written in LOCALE.glob("*/LC_MESSAGES/django.po"):
            part = written.with_suffix(".mo.part")
            polib.pofile(str(written)).save_as_mofile(str(part))
            part.replace(written.with_suffix(".mo"))  # whole at once: a desk may be starting


class BuildWithWords(build_py):
    """Compiles before it looks which files there are to take along."""

    def run(self):
        self.run_command("words")
        super().run()


setup(cmdclass={"words": Words, "build_py": BuildWithWords})
