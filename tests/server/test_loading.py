"""What a process loads when it starts costs it nothing afterwards."""

import os
import subprocess
import sys

PROGRAM = """
import gc
from deskbook.server.loading import staying
with staying():
    loaded = [[]]
made_later = [[]]
looked_through = {id(one) for one in gc.get_objects()}
print(gc.isenabled(), id(loaded) in looked_through, id(made_later) in looked_through)
"""


def test_what_was_loaded_at_the_start_is_not_looked_through_for_rubbish_and_what_is_made_later_is():
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["True", "False", "True"]


def test_what_few_ever_ask_for_is_loaded_when_somebody_asks_and_not_by_each_start():
    program = (
        "import sys, django; django.setup(); import deskbook.web.urls;"
        " print(*{name.partition('.')[0] for name in sys.modules})"
    )
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=settings
    )
    assert {"openpyxl", "xlsxwriter", "icalendar"}.isdisjoint(ran.stdout.split())
