"""Who has much more to do than the others."""

from deskbook.reports.morning import Held, overloaded


def having(*counts):
    return overloaded([Held(n, f"Agent {n}", cases, 0, 0) for n, cases in enumerate(counts)])


def test_who_has_half_as_much_again_as_half_of_the_others_has_much():
    assert having(31, 20, 20, 19) == {0}
    assert having(30, 20, 20, 19) == set()


def test_of_few_cases_one_more_is_no_burden():
    assert having(3, 1, 1) == set()
    assert having(4, 1, 1) == {0}


def test_where_nobody_has_anything_or_one_alone_has_it_nobody_has_too_much():
    assert having() == set()
    assert having(40) == set()
