"""What an author typed, as readers hear and see it."""

import re

import pytest

from deskbook.knowledge.markdown import rendered


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("# A\n\n## B\n\n# C", ["h2", "h3", "h2"]),
        ("## First of all\n\n### Then\n\n## Next", ["h2", "h3", "h2"]),
        ("#### Deep at once", ["h2"]),
        ("# A\n\n###### B\n\n### C", ["h2", "h3", "h3"]),
    ],
)
def test_headings_begin_below_the_title_and_go_down_one_at_a_time(typed, heard):
    assert re.findall(r"<(h\d)>", rendered(typed)) == heard
