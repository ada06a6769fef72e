"""What a book opens by itself is work of the simulated desk too, for which nobody waits."""

from deskbook.simulation.run import Plan, Run
from tests.simulation import lines

BY_ITSELF = """
recurring:
  - { every: day, at: 10:00, case: Check the backups, text: Restore one file. }
"""


def test_cases_that_come_round_are_opened_and_worked_on_at_their_hour():
    load = lines.load(perweek=1, takes="always 30m", until="2026-01-12")
    plan = Plan(lines.desk(book=lines.BOOK + BY_ITSELF), load)
    lived = Run(plan, 1, lambda share: None, kept=[])
    lived.lived()
    of_the_book = [case for case in lived.kept if case.channel == "calendar"]
    assert len(of_the_book) == 8
    assert {case.lived.opened_at.hour for case in of_the_book} == {10}
    begun = [from_at for _who, from_at, _until in lived.hands.worked if from_at.hour == 10]
    assert len(begun) >= 8
    assert all(plan.desk.stages[case.lived.stage].solved for case in of_the_book)
    assert of_the_book[0].lived.requester == "desk"
