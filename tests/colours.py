"""Whether people can tell words from what is behind them, asked of each look once.

Nine tenths of what axe works over a page is colours, most of it for words that look like others:
rows of a table, the same page wider or narrower. What axe has let pass once is not asked again
while the colours, the size, and all that is painted behind are the very same: one of each look is
asked, and all of a look where axe could not tell, or did not look at that one. Links within a text
are asked each time: they are told by what stands around them.
"""

from axe_playwright_python.base import AXE_SCRIPT

RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
NOT_TOLD = """async ([known, options, everywhere]) => {
  const passed = new Set(known), painted = new Map([[null, ""]]);
  const behind = (one) => {
    if (!painted.has(one)) {
      const style = getComputedStyle(one), above = behind(one.parentElement);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode].join();
      painted.set(one, own === "rgba(0, 0, 0, 0),none,1,none,normal" ? above : `${own};${above}`);
    }
    return painted.get(one);
  };
  const says = (one) => [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim()) || one.matches("input, select, textarea");
  const words = [...document.body.querySelectorAll("*")].filter((one) => says(one) && one.checkVisibility());
  const asked = new Set(), wrong = [];
  const look = new Map(words.map((one) => {
    const style = getComputedStyle(one);
    return [one, [style.color, style.fontSize, style.fontWeight, style.textShadow, behind(one)].join("|")];
  }));
  const ask = async (what, those) => {
    if (!those.length) return;
    for (const one of those) asked.add(one);
    const found = await axe.run(what, options);
    for (const rule of found.violations) wrong.push([rule.id, rule.nodes.map((node) => node.html.slice(0, 200)), rule.nodes[0].failureSummary]);
    for (const rule of found.passes.filter((rule) => rule.id === "color-contrast"))
      for (const node of rule.nodes) if (look.has(node.element)) passed.add(look.get(node.element));
  };
  if (everywhere) await ask(document, words);
  const inText = words.filter((one) => one.matches("a[href]") && says(one.parentElement));
  const fresh = () => words.filter((one) => !asked.has(one) && !passed.has(look.get(one)));
  const oneOfEach = [...new Map(fresh().map((one) => [look.get(one), one])).values()];
  const some = [...new Set([...oneOfEach, ...inText])].filter((one) => !asked.has(one));
  await ask({ include: some }, some);
  const rest = fresh();
  await ask({ include: rest }, rest);
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


def told_apart(page, where, everywhere=False):
    """The words of the page as it stands can be told from what is behind them; `everywhere` asks
    for each, however its look has fared.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(NOT_TOLD, [sorted(_passed), _OPTIONS, everywhere])
    assert found["wrong"] == [], f"{where}: {found['wrong']}"
    _passed.update(found["looks"])
