"""The product knows nothing of the demo: what is on top may be left out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deskbook.cli import COMMANDS
from deskbook.config.environment import read
from deskbook.config.refusals import WrongSetting
from deskbook.demo import choosing
from deskbook.demo.commands import OPENING
from deskbook.server.serve import welcome
from tests.conftest import database_of_the_tests

PACKAGE = Path(choosing.__file__).parents[1]
SERVES_A_PAGE = """
import sys
sys.modules["deskbook.demo"] = None  # as if it were not installed
import django
django.setup()
from django.apps import apps
from django.test import Client, override_settings
plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
with override_settings(STORAGES=plain):
    client = Client()
    print(client.get("/account/login/code/").status_code, client.get("/demo/").status_code)
print(*sorted(app.label for app in apps.get_app_configs() if app.name.startswith("deskbook")))
"""


@pytest.mark.django_db(transaction=True)
def test_the_product_serves_a_page_where_there_is_no_demo():
    product = {
        "DJANGO_SETTINGS_MODULE": "deskbook.config.settings",
        "DATABASE_URL": database_of_the_tests(),
    }
    ran = subprocess.run(
        [sys.executable, "-c", SERVES_A_PAGE],
        env={**os.environ, **product},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout.splitlines()) == (0, ["200 404", "deskbook"]), ran.stderr[
        -2000:
    ]


def test_nothing_below_the_command_line_speaks_of_a_demo():
    """But for the migrations, which desks have run."""
    product = [
        path for path in PACKAGE.rglob("*.py") if not {"demo", "migrations"} & set(path.parts)
    ]
    spoken = {
        path.name for path in product if re.search(r"\bdemo", path.read_text(), re.IGNORECASE)
    }
    assert spoken == {"cli.py"}


@pytest.mark.parametrize(
    ("said", "chosen"), [("1", True), ("yes", True), ("0", False), ("", False), (None, False)]
)
def test_a_demo_is_chosen_at_the_door_and_no_part_below_is_told(said, chosen):
    variables = {} if said is None else {"DESKBOOK_DEMO": said}
    choosing.choose_demo(variables)
    assert choosing.is_chosen(variables) is chosen
    assert "DESKBOOK_DEMO" not in variables


def test_a_word_that_is_neither_yes_nor_no_is_refused():
    with pytest.raises(WrongSetting, match="DESKBOOK_DEMO is “perhaps”"):
        choosing.choose_demo({"DESKBOOK_DEMO": "perhaps"})
    ran = subprocess.run(
        [sys.executable, "-m", "deskbook", "serve"],
        env={**os.environ, "DESKBOOK_DEMO": "perhaps"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2
    assert "it must be one of 1, yes, true, 0, no, false" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_the_demo_does_otherwise_is_a_command_of_the_desk():
    assert set(choosing.COMMANDS) <= set(COMMANDS)


def test_whoever_starts_the_demo_is_told_whom_to_be_and_where_every_mail_is():
    said = welcome(read({"DESKBOOK_PORT": "8123"}), OPENING)
    for expected in (
        "http://127.0.0.1:8123/account/login/code/",
        "asha@example.org",
        "http://127.0.0.1:8123/demo/mailbox/",
    ):
        assert expected in said
