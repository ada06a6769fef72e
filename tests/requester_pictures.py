"""Take pictures of what requesters and visitors see of a running demo, in their languages, to be
looked at.

    DESKBOOK_DEMO=1 deskbook serve
    python -m tests.requester_pictures --at http://127.0.0.1:8000 --to var/pictures [--only case] [--desk spark]

Each desk is opened as a requester of it in the languages it is used in. A picture is called after
its desk, its language, its screen, its width and its light.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from tests.browser import found
from tests.pictures import SCHEMES, WIDTHS, shelf, signed_in, take

DESKS = {
    "spark": ("Anitha Nambiar", ("ml", "en")),
    "salama": ("Amélia Matsinhe", ("pt",)),
    "mukta": ("Mamata Behera", ("or", "hi")),
    "sparkrock": ("Amara Okafor", ("en",)),
}
"""Who opens the screens of a desk, in which languages."""
OUTSIDE = {
    "front": "/",
    "sign-in": "/account/login/code/",
    "about": "/desk/{desk}/about/",
    "articles": "/desk/{desk}/articles/",
    "search": "/desk/{desk}/articles/?q=a",
    "nothing-found": "/desk/{desk}/articles/?q=xyzzy",
    "article": "{article}",
    "chat": "/chat/{desk}/",
    "display": "/display/{desk}/{site}/",
    "kiosk": "/kiosk/{desk}/{site}/",
    "taking": "{taking}",
}
INSIDE = {
    "start": "/",
    "cases": "/desk/{desk}/cases/",
    "closed": "/desk/{desk}/cases/?state=closed",
    "all": "/desk/{desk}/cases/?whose=all",
    "new": "/desk/{desk}/cases/new/",
    "visit": "/desk/{desk}/visits/new/",
    "contacts": "/desk/{desk}/contacts/",
    "profile": "/profile/",
    "security": "/account/security/",
    "not-there": "/desk/{desk}/cases/NO-1/",
    "close": "{case}close/",
}
"""Screens of nobody in particular, and of who has signed in."""
_CASE = re.compile(r'href="(/desk/[\w-]+/cases/[A-Z]+-\d+/)')


def cases(context: BrowserContext, desk: str) -> Iterator[str]:
    """Yield the addresses of a few cases: open ones first, then one that is closed."""
    for query, most in (("", 3), ("?state=closed", 1)):
        html = context.request.get(f"/desk/{desk}/cases/{query}").text()
        yield from list(dict.fromkeys(_CASE.findall(html)))[:most]


def things(context: BrowserContext, desk: str) -> dict[str, str]:
    """Return what stands in addresses of a desk, of what its pages lead to."""
    articles = context.request.get(f"/desk/{desk}/articles/").text()
    article = re.search(rf'href="(/desk/{desk}/articles/[\w-]+/)"', articles)
    there = {"desk": desk, "article": article[1] if article else ""}
    page = context.new_page()
    for kind in ("display", "kiosk", "phone"):
        page.goto("/demo/")
        button = page.locator(f'form[action="/demo/walk-in/{desk}/"] [name=kind][value={kind}]')
        if not button.count():
            break
        button.first.evaluate("one => { one.form.target = '_self'; one.form.requestSubmit(one); }")
        page.wait_for_url(lambda address: "/demo/" not in address)
        at = page.url.partition("?")[0].split("/")
        there |= {"site": at[5]} | ({"taking": page.url} if kind == "phone" else {})
    page.close()
    return there


def in_language(browser: Browser, at: str, who: str, desk: str, code: str) -> BrowserContext:
    """Return a browser of its own in which `who` of the demo has signed in and reads a language."""
    context = signed_in(browser, at, who, desk)
    page = context.new_page()
    page.goto("/profile/")
    page.locator("footer select[name=language]").select_option(code)
    page.locator("footer form").first.evaluate("form => form.requestSubmit()")
    page.wait_for_load_state()
    page.close()
    return context


def visiting(browser: Browser, at: str, code: str) -> BrowserContext:
    """Return a browser of its own that asks for a language."""
    context = browser.new_context(base_url=at, locale=code, reduced_motion="reduce")
    context.add_cookies([{"name": "django_language", "value": code, "url": at}])
    return context


def addresses(context: BrowserContext, desk: str, kind: dict[str, str]) -> dict[str, str]:
    """Return name → address of each screen this desk has."""
    there = things(context, desk)
    if kind is INSIDE:
        opened = list(cases(context, desk))
        there |= {"case": opened[0]}
        kind = kind | {f"case-{number}": address for number, address in enumerate(opened)}
    wanted = {name: re.findall(r"\{(\w+)\}", address) for name, address in kind.items()}
    shown = {name for name, needs in wanted.items() if all(there.get(one) for one in needs)}
    return {name: kind[name].format(**there) for name in kind if name in shown}


def main() -> int:
    """Take the pictures asked for; return the exit code."""
    asked = _asked()
    asked.to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=["--no-sandbox"])
        for desk in asked.desk:
            who, codes = DESKS[desk]
            for code in asked.codes or codes:
                _of(visiting(browser, asked.at, code), desk, code, OUTSIDE, asked)
                _of(in_language(browser, asked.at, who, desk, code), desk, code, INSIDE, asked)
        browser.close()
    shelf(asked.to)
    return 0


def _of(
    context: BrowserContext, desk: str, code: str, kind: dict[str, str], asked: argparse.Namespace
) -> None:
    page = context.new_page()
    for name, address in addresses(context, desk, kind).items():
        if not re.search(asked.only, name):
            continue
        for width in asked.widths:
            for scheme in asked.schemes:
                to = asked.to / f"{desk}-{code}-{name} {width} {scheme}.png"
                try:
                    take(page, address, to, width, scheme)
                except Error as wrong:
                    sys.stdout.write(f"{name}: {wrong.message.splitlines()[0]}\n")
    context.close()


def _asked() -> argparse.Namespace:
    shape = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--at", default="http://127.0.0.1:8000")
    parser.add_argument("--to", type=Path, default=Path("var/pictures"))
    parser.add_argument("--desk", nargs="+", default=list(DESKS), choices=DESKS)
    parser.add_argument("--codes", nargs="+", help="languages, in place of those of the desk")
    parser.add_argument("--only", default="", help="screens whose name has this pattern")
    parser.add_argument("--widths", type=int, nargs="+", default=[360, 1280], choices=WIDTHS)
    parser.add_argument("--schemes", nargs="+", default=SCHEMES, choices=SCHEMES)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
