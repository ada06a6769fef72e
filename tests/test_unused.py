"""What nobody calls is found before it is merged."""

import pytest

from tests.unused import unused


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "deskbook/templates").mkdir(parents=True)
    return tmp_path.resolve()


def test_nothing_in_the_product_is_left_that_nothing_calls():
    assert unused() == []


def test_a_function_that_nothing_calls_is_named_with_its_line(tree):
    (tree / "deskbook/queues.py").write_text("\n\ndef page_after():\n    return 1\n")
    assert unused(tree) == ["deskbook/queues.py:3: unused function page_after"]


def test_a_job_named_by_text_and_what_a_template_reads_are_used(tree):
    (tree / "deskbook/jobs.py").write_text(
        "def acknowledge():\n    return 1\n\n\nclass Row:\n    def shown(self):\n        return"
        " 1\n\n\nJOBS = [Row, 'deskbook.jobs:acknowledge']\nprint(JOBS)\n"
    )
    (tree / "deskbook/templates/list.html").write_text("{{ row.shown }}")
    assert unused(tree) == []
