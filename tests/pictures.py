"""Take pictures of every screen of a running demo, to be looked at.

    DESKBOOK_DEMO=1 deskbook serve
    python -m tests.pictures --at http://127.0.0.1:8000 --to var/pictures [--only roster] [--widths 360 1280]

Which screens there are says the list by which outsiders are kept out (tests/web/outsiders): what a
person is let in to is opened as them. Things in addresses are those the pages before lead to. A
picture is called after its screen, its width and its light; `index.html` shows all of a screen
beside each other.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.browser import found
from tests.web.outsiders.table import lines

WIDTHS = {360: 740, 1280: 800, 1920: 1080}
"""How wide a screen is, and how high then."""
SCHEMES = ("light", "dark")
MOST_SCREENFULS = 3
"""Of a page longer than that the rest is more of the same."""
QUEUES = ("mine", "teams", "unassigned", "breached", "waiting", "open", "closed", "redirected")
REPORTS = "/console/reports/"
EMPTY = (
    "/console/?queue=open&severity=nothing-like-it",
    "/console/search?q=nothing+is+called+like+this",
    "/console/tickets/XX-0",
    "/console/contacts/?q=nobody+is+called+like+this",
    "/console/articles/?q=nothing+is+called+like+this",
)
"""Screens that have nothing to show, or nothing to show to this person."""
_HREF = re.compile(r'\b(?:href|hx-get)="(/[^"#]*)')
_NO_SCREEN = re.compile(
    r"\.\w+$|/suggestions/|/live/|/events$|/file$|/callers|/now$|/known$|^/account/2fa/(auth|rec.*s/$|totp/de)|/login/code/conf"
)
_SAID = frozenset(line.address for line in lines())
"""An address that is a page of its own is no thing: /console/tickets/new is no ticket."""


@dataclass
class Found:
    """What pages lead to, and what things stand in the addresses."""

    links: dict[str, None] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    def read(self, html: str) -> None:
        self.links |= dict.fromkeys(link.replace("&amp;", "&") for link in _HREF.findall(html))

    def address(self, wanted: str) -> str | None:
        """Return `wanted` with things that exist, or None where no page led to one."""
        pattern = re.sub(r"\\{(.+?)\\}", r"([^/?]+)", re.escape(wanted))
        names = re.findall(r"\{(.+?)\}", wanted)
        for link in self.links:
            there = link.partition("?")[0]
            if there not in _SAID and (matched := re.fullmatch(pattern, there)):
                self.things = dict(zip(names, matched.groups(), strict=True)) | self.things
                return there
        if all(name in self.things for name in names):
            return re.sub(r"\{(.+?)\}", lambda name: self.things[name[1]], wanted)
        return None


def screens(context: BrowserContext, role: str) -> dict[str, str]:
    """Return name → address of each screen that somebody of `role` is let in to."""
    seen, known = {}, Found()
    wanted = [line.address for line in lines() if _is_screen(line.address, line.answers[role])]
    queues = [f"/console/?queue={queue}" for queue in QUEUES]
    for address in [*queues, *EMPTY, *sorted(wanted, key=lambda one: one.count("{"))]:
        if (there := known.address(address)) is None:
            sys.stdout.write(f"no page leads to {address}\n")
            continue
        answer = context.request.get(there)
        if "html" in answer.headers.get("content-type", ""):
            known.read(html := answer.text())
            if "<html" not in html:
                continue
            seen[_name(address)] = there
    reports = (link for link in known.links if re.fullmatch(rf"{REPORTS}[\w-]+/", link))
    return seen | {_name(link): link for link in reports}


def _is_screen(address: str, answers: str) -> bool:
    return (
        address.startswith(("/console/", "/account/", "/wall/"))
        and answers.startswith("o")
        and not _NO_SCREEN.search(address)
    )


def _name(address: str) -> str:
    return re.sub(r"[^\w]+", "-", address.removeprefix("/console")).strip("-").lower() or "inbox"


def signed_in(browser: Browser, at: str, who: str, desk: str) -> BrowserContext:
    """Return a browser of its own in which `who` of the demo has signed in at `desk`."""
    context = browser.new_context(base_url=at, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/demo/")
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    card = page.locator("section", has=page.locator(f"input[name=desk][value={desk}]"))
    card.locator("button[name=user]", has_text=who).first.click()
    page.wait_for_url(lambda address: "/demo/" not in address)
    page.close()
    return context


def take(page: Page, address: str, to: Path, width: int, scheme: str) -> None:
    """Put the picture of a page into a folder."""
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(address, wait_until="load")
    height = page.evaluate("() => document.documentElement.scrollHeight")
    shown = max(WIDTHS[width], min(height, MOST_SCREENFULS * WIDTHS[width]))
    clip = {"x": 0, "y": 0, "width": width, "height": shown}
    page.screenshot(path=to, full_page=True, clip=clip)  # type: ignore[arg-type]


def shelf(folder: Path) -> None:
    """Write the page that shows all pictures of a folder, a row for each screen."""
    rows: dict[str, list[str]] = {}
    for picture in sorted(folder.glob("*.png")):
        rows.setdefault(picture.stem.split(" ")[0], []).append(picture.name)
    shown = "".join(
        f"<h2>{name}</h2>"
        + "".join(f'<a href="{one}"><img src="{one}" alt=""></a>' for one in all_)
        for name, all_ in rows.items()
    )
    style = "<style>img{height:420px;margin:4px;border:1px solid #888}</style>"
    (folder / "index.html").write_text(f"<!doctype html>{style}{shown}")


def main() -> int:
    """Take the pictures asked for; return the exit code."""
    asked = _asked()
    asked.to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=["--no-sandbox"])
        context = signed_in(browser, asked.at, asked.who, asked.desk)
        if asked.beside:
            context.add_cookies([{"name": "side-by-side", "value": "yes", "url": asked.at}])
        page = context.new_page()
        for name, address in screens(context, asked.role).items():
            if re.search(asked.only, name):
                _all_of(page, urljoin(asked.at, address), name, asked)
        browser.close()
    shelf(asked.to)
    return 0


def _all_of(page: Page, address: str, name: str, asked: argparse.Namespace) -> None:
    for width in asked.widths:
        for scheme in asked.schemes:
            try:
                take(page, address, asked.to / f"{name} {width} {scheme}.png", width, scheme)
            except Error as wrong:
                sys.stdout.write(f"{name}: {wrong.message.splitlines()[0]}\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--at", default="http://127.0.0.1:8000")
    parser.add_argument("--to", type=Path, default=Path("var/pictures"))
    parser.add_argument("--who", default="Esther", help="who of the demo signs in")
    parser.add_argument("--role", default="owner", help="what they are: agent, lead or owner")
    parser.add_argument("--desk", default="sparkrock")
    parser.add_argument("--only", default="", help="screens whose name has this pattern")
    parser.add_argument("--beside", action="store_true", help="list and ticket side by side")
    parser.add_argument("--widths", type=int, nargs="+", default=list(WIDTHS), choices=WIDTHS)
    parser.add_argument("--schemes", nargs="+", default=SCHEMES, choices=SCHEMES)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
