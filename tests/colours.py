"""Whether people can tell words from what is behind them, asked of each look once.

Nine tenths of what axe works over a page is colours, most of it for words that look like others:
rows of a table, the next page, the same page wider or narrower. What axe has let pass once is not
asked again while the colours, the size, and all that is painted behind are the very same: one of
each look is asked, and all of a look where axe could not tell, or did not look at that one. What is
painted behind is told by what a word stands in: words that reach out of that, or under which
something else is painted, are asked each time. Of a link within a text the look is its own and that
of the text. Words for ears alone, left of the page or in a box of one pixel, are no matter of axe's
either.
"""

from axe_playwright_python.base import AXE_SCRIPT

RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
NOT_TOLD = """async ([known, options]) => {
  const passed = new Set(known), painted = new Map([[null, ""]]), BLANK = "rgba(0, 0, 0, 0),none,1,none,normal";
  const own = (one) => {
    const style = getComputedStyle(one);
    return [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode].join();
  };
  const behind = (one) => {
    if (!painted.has(one)) {
      const above = behind(one.parentElement), here = own(one);
      painted.set(one, here === BLANK ? above : `${here};${above}`);
    }
    return painted.get(one);
  };
  const WORDLESS = "[type=checkbox], [type=radio], [type=range], [type=color], [type=hidden], [type=image]";
  const isField = (one) => one.matches("input, select, textarea") && !one.matches(WORDLESS);
  const texts = (one) => [...one.childNodes].filter((part) => part.nodeType === 3 && part.data.trim());
  const says = (one) => texts(one).length || isField(one);
  const box = (one) => one.getBoundingClientRect();
  const isSeen = (one) => {
    const { right, bottom, width, height } = box(one);
    if (right + scrollX <= 0 || bottom + scrollY <= 0) return false;
    return width > 1 || height > 1 || getComputedStyle(one).overflow === "visible";
  };
  const shown = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility());
  const words = shown.filter((one) => says(one) && isSeen(one));

  const paints = shown.filter((one) => own(one) !== BLANK || one.matches("img, svg, canvas, video, iframe"))
    .map((one) => [one, box(one)]);
  const lines = (one) => isField(one) ? [box(one)] : texts(one).flatMap((part) => {
    const range = new Range();
    range.selectNodeContents(part);
    return [...range.getClientRects()];
  });
  const within = (line, it) => line.left > it.left - 1 && line.right < it.right + 1 && line.top > it.top - 1 && line.bottom < it.bottom + 1;
  const meets = (line, it) => line.left < it.right - 1 && line.right > it.left + 1 && line.top < it.bottom - 1 && line.bottom > it.top + 1;
  const astray = new Set(words.filter((one) => lines(one).some((line) => paints.some(([other, it]) =>
    other.contains(one) ? !within(line, it) : meets(line, it)))));

  const plain = (one) => {
    const style = getComputedStyle(one);
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, behind(one)].join("|");
  };
  const block = (one) => getComputedStyle(one).display.startsWith("inline") ? block(one.parentElement) : one;
  const distinct = (one) => {
    const style = getComputedStyle(one);
    return [plain(one), style.fontFamily, style.fontStyle, style.textDecoration, style.border, style.outline, style.display].join("|");
  };
  const inText = new Set(words.filter((one) => one.matches("a[href]") && says(one.parentElement)));
  const look = new Map(words.map((one) =>
    [one, inText.has(one) ? `${distinct(one)} in ${distinct(block(one.parentElement))}` : plain(one)]));

  const asked = new Set(), wrong = [];
  const ask = async (those) => {
    if (!those.length) return;
    for (const one of those) asked.add(one);
    const found = await axe.run({ include: those }, options);
    for (const rule of found.violations) wrong.push([rule.id, rule.nodes.map((node) => node.html.slice(0, 200)), rule.nodes[0].failureSummary]);
    const told = found.passes.map((rule) => [rule.id, new Set(rule.nodes.map((node) => node.element))]);
    const all = (one) => inText.has(one) ? ["color-contrast", "link-in-text-block"] : ["color-contrast"];
    for (const one of those.filter((one) => !astray.has(one)))
      if (all(one).every((rule) => told.some(([id, let]) => id === rule && let.has(one)))) passed.add(look.get(one));
  };
  const fresh = () => words.filter((one) => !asked.has(one) && (astray.has(one) || !passed.has(look.get(one))));
  await ask([...new Map(fresh().map((one) => [astray.has(one) ? one : look.get(one), one])).values()]);
  await ask(fresh());
  return { wrong, looks: [...passed] };
}"""
_OPTIONS = {
    "runOnly": RULES,
    "resultTypes": ["violations", "passes"],
    "elementRef": True,
    "selectors": False,
}
_passed: set[str] = set()
"""Looks that axe let pass in this process."""


def told_apart(page, where):
    """The words of the page as it stands can be told from what is behind them."""
    make_axe_ready(page)
    found = page.evaluate(NOT_TOLD, [sorted(_passed), _OPTIONS])
    assert found["wrong"] == [], f"{where}: {found['wrong']}"
    _passed.update(found["looks"])


def make_axe_ready(page):
    """Give the page axe, if it has none yet."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
