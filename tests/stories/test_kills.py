"""Half a minute of bench.kills: whatever dies and whatever the mail server does, nothing is lost, and
nothing said twice.
"""

import sys

from bench.kills import Run, kill_at_random

RUN = Run(seed=8, kills=0, letters=18, seconds=30, closes_s=24)


def test_nothing_is_lost_or_said_twice_whatever_is_killed_and_however_the_mail_server_behaves():
    found = kill_at_random(RUN)
    sys.stdout.write(f"\n{found}\n")
    assert not found.wrong, str(found)
