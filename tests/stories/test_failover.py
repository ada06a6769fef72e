"""A short bench.failover: the primary of a PostgreSQL cluster is lost while people write."""

import sys

from bench.failover import Failover, fail_over

RUN = Failover(seed=3, kills=0, letters=9, seconds=8, noticed_s=1.0)


def test_a_lost_primary_loses_nothing_that_was_accepted_and_the_desk_comes_back_by_itself():
    found = fail_over(RUN)
    sys.stdout.write(f"\n{found}\n")
    assert not found.wrong, str(found)
