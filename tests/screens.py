"""What holds of every screen, whatever letters a machine has and whoever looks: it fits, and
nothing in it is cut.

The browser of the tests sees the faces in tests/fonts and no other: one as wide as letters get, one
as narrow.
"""

import os
import re
from pathlib import Path

from tests.colours import RULES, make_axe_ready, told_apart

#: The page's own face is the wide one; the other is put on and taken off again.
NOT_HELD = """() => {
  const WORDS = "button, .button, .brand, .badge, th, label, legend, summary, h1, h2, nav a";
  const sheet = new CSSStyleSheet(), found = {};
  document.adoptedStyleSheets.push(sheet);
  for (const face of ["Wide", "Narrow"]) {
    sheet.replaceSync(face === "Wide" ? "" : `* { font-family: "Deskbook ${face}" !important; }`);
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) found[`${face}, scrolls sideways`] = wide;
    const cut = [...document.querySelectorAll(WORDS)]
      .filter((one) => one.checkVisibility() && one.clientWidth > 8)
      .filter((one) => getComputedStyle(one).display !== "inline" && getComputedStyle(one).textOverflow !== "ellipsis")
      .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.trim());
    if (cut.length) found[`${face}, cut`] = cut;
  }
  document.adoptedStyleSheets.pop();
  return found;
}"""
BUT_COLOURS = {rule: {"enabled": False} for rule in RULES["values"]}
WIDTHS = (1280, 360)


def one_line(html):
    """Returns a page as one line: where a template breaks its lines is nothing a test is about."""
    return re.sub(r"\s+", " ", html)


def holds(page, where):
    """The page at its present size neither scrolls sideways nor cuts a word, in wide letters and in
    narrow ones.
    """
    found = page.evaluate(NOT_HELD)
    assert found == {}, f"{where} at {page.viewport_size['width']}: {found}"


def accessible(page, where, only=None, rules=None):
    """The page as it stands breaks no rule of WCAG 2.2 AA or of good practice that axe can tell, or
    of `only` some; `rules` is what axe is told of single ones.
    """
    make_axe_ready(page)
    options = {"resultTypes": ["violations"], "rules": rules or {}, "selectors": False}
    options |= {"runOnly": only} if only else {}
    # What axe tells of all that is right is a hundred times as long.
    wrong = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    told = [
        (v["id"], [n["html"][:200] for n in v["nodes"]], v["nodes"][0]["failureSummary"])
        for v in wrong
    ]
    assert told == [], f"{where}: {told}"


def everybody_can_use(page, where, widths=WIDTHS):
    """The page holds and is accessible at each width, in light and in dark.

    Light and dark differ by their colours alone, so in dark only axe's rules about colours are
    asked.
    """
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        holds(page, where)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        accessible(page, f"{where} at {width}", rules=BUT_COLOURS)
        told_apart(page, f"{where} at {width}")
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        told_apart(page, f"{where} at {width} in dark")
        if folder := os.environ.get("SCREENS"):
            page.screenshot(
                path=Path(folder) / f"{re.sub(r'[^A-Za-z0-9]+', '-', where)} {width}.png",
                full_page=True,
            )


def press_once_seen(page, *keys):
    """Press keys as somebody does who has seen the page that came: before, keys.js takes none for a
    command.
    """
    page.wait_for_load_state()
    page.wait_for_timeout(500)
    for key in keys:
        page.keyboard.press(key)
