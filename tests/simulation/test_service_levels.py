"""A simulation says of each service level whether it would be reached, period by period."""

from deskbook.simulation.run import Plan, run
from deskbook.simulation.tally import Measure
from deskbook.simulation.told import Came, in_words
from tests.simulation import lines

LEVELS = """
service levels:
  - { name: First answers, at least: 99%, of: respond, over: week }
  - { name: Solutions, at least: 100%, of: resolve, over: week }
  - { name: By phone, at least: 50%, of: respond, channel: phone, over: week }
"""


def test_how_many_are_in_time_is_told_by_service_level_and_in_how_many_periods_that_is_enough():
    load = lines.load(channel="email", perweek=300, takes="always 33m", count=1, until="2026-01-25")
    plan = Plan(lines.desk(book=lines.BOOK + LEVELS), load)
    counted = run(plan, 1)
    share = counted.measures[Measure("service level", ("first answers",))]
    assert share == counted.measures[Measure("met", ("response", "*", "*"))]
    assert counted.measures[Measure("service level periods", ("first answers",))] == 3
    assert counted.measures[Measure("service level reached", ("first answers",))] == 0
    told = in_words(Came(plan.desk, load, 1, [counted]))
    assert "at least 99%: reached in 0.0 of 3.0 weeks" in told
    assert "By phone                           none was counted" in told
