"""Two versions of a text are told apart in a moment, whatever they hold."""

from time import process_time

import pytest

from deskbook.web.console.shared.compared import Line, compared


def test_what_went_and_what_came_is_told_line_by_line():
    assert list(compared("a\nb", "a\nc")) == [Line("", "a"), Line("-", "b"), Line("+", "c")]


@pytest.mark.parametrize("lines", [9_000, 400_000])
def test_texts_of_many_lines_that_are_all_the_same_cost_no_more_than_a_moment(lines):
    old, new = "- x\n" * lines + "a", "b\n" + "- x\n" * lines
    began = process_time()
    list(compared(old, new))
    assert process_time() - began < 5
