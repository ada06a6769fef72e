"""Moving in, for everybody: narrow and wide, read out and seen."""

import pytest

from deskbook.jobs.moving import look_at_move, take_move_in
from deskbook.moving.models import Move
from tests.moving.elsewhere import small_desk
from tests.people_factory import make_agent
from tests.screens import everybody_can_use
from tests.web.test_moving_in_screens import EXPORT

pytestmark = pytest.mark.browser


def test_every_screen_of_it_fits_its_window_and_passes_the_checks_of_wcag(
    page, sign_in, live_desk, tmp_path
):
    owner = make_agent(small_desk(), "Olga", role="owner")
    sign_in(page, owner.user)
    (tmp_path / "old.csv").write_text(EXPORT)
    page.goto("/console/moving-in/")
    everybody_can_use(page, "moving in")
    page.get_by_label("Where the tickets were").select_option("csv")
    page.get_by_label("Its export").set_input_files(tmp_path / "old.csv")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("Reading the file").wait_for()
    everybody_can_use(page, "a move that is read")
    move = Move.objects.get()
    look_at_move(move.pk)
    page.reload()
    everybody_can_use(page, "a move that waits")
    page.get_by_label("Stage: Parked").select_option("waiting")
    page.get_by_role("button", name="Take it in").click()
    page.get_by_text("Taking it in").wait_for()
    take_move_in(move.pk)
    page.get_by_text("3 tickets came along").wait_for()
    everybody_can_use(page, "a move that is done")
