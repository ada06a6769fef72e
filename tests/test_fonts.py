"""No test of a screen depends on what letters a machine has."""

import pytest

WIDTH = """face => {
  const ink = document.createElement("canvas").getContext("2d");
  ink.font = `100px ${face}`;
  return Math.round(ink.measureText("Registar chamada").width);
}"""


@pytest.mark.browser
def test_the_browser_of_the_tests_sees_its_own_letters_and_no_others(page):
    page.goto("/account/login/")
    wide, narrow = (page.evaluate(WIDTH, face) for face in ("sans-serif", "Deskbook Narrow"))
    # The sum of its letters' widths, which Chromium rounds.
    assert wide == pytest.approx(911, rel=0.01)
    assert narrow == pytest.approx(656, rel=0.01)
    for face in (
        "system-ui",
        "Arial",
        "Roboto",
        "Noto Sans",
        "DejaVu Sans",
        "DejaVu Serif",
        "Liberation Sans",
    ):
        assert page.evaluate(WIDTH, face) == wide, face
