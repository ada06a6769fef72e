"""Mails that would act through whoever opens them: a real browser opens each, and what it asks for
is counted.
"""

import re
import time
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.people.models import Contact
from deskbook.tickets.models import Attachment

pytestmark = pytest.mark.browser

ACT = "hx-post='/console/contacts/{contact}/merging' hx-trigger='load'"
DATA_ACT = "data-hx-post='/console/contacts/{contact}/merging' data-hx-trigger='load'"
SHUT_OUT = f"""
<div {ACT}>one</div><div {DATA_ACT}>two</div><b hx-on:click="x()" hx-get="/console/" hx-trigger="revealed">three</b>
<form action="/console/contacts/1/merging" method="post"><button autofocus>four</button></form>
<meta http-equiv="refresh" content="0;url=/console/"><base href="https://evil.example/">
<link rel="prefetch" href="/console/">
<iframe srcdoc="<script>parent.hacked=1</script>"></iframe><object data="/console/"></object><embed src="/console/">
<svg onload="hacked=1"><image href="https://evil.example/a.png"/></svg>
<math><mi xlink:href="javascript:hacked=1">x</mi></math>
<style>@import url(https://evil.example/a.css); body {{ background: url(https://evil.example/b.png) }}</style>
<img src="https://evil.example/pixel.png" srcset="https://evil.example/2x.png 2x" onerror="hacked=1">
<img src="//evil.example/p.png"><img src=x onerror="hacked=1"><img src="/console/">
<video poster="/console/" autoplay></video>
<body background="https://evil.example/c.png" onload="hacked=1"><a href="/account/logout/" ping="/console/">five</a>
<noscript><p title="</noscript><img src=x onerror=hacked=1>"></noscript>
<div class="presence" id="live" data-live="/x">six</div>
"""


def of_parts(html, *, content_id="pic@outside.example", filename="pic.png"):
    return f"""From: "<b {ACT}>Mallory</b>" <mallory@outside.example>
To: support@sparkrock.example
Subject: Look <img src=x onerror="hacked=1"> here
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <hostile@outside.example>
MIME-Version: 1.0
Content-Type: multipart/related; boundary="b1"

--b1
Content-Type: text/html; charset=utf-8

<p>Good morning.</p>{html}<p>Good night.</p>
--b1
Content-Type: image/png; name="{filename}"
Content-ID: <{content_id}>
Content-Disposition: inline; filename="{filename}"
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--b1--
"""


MAILS = {
    "an id that ends its attribute": of_parts(
        f'<img src="cid:a&quot;&gt;" alt="&lt;b {ACT}&gt;">', content_id='a">'
    ),
    "words that hold the id": of_parts(
        f'<img src="cid:pic" alt="x cid:pic {ACT}">', content_id="pic"
    ),
    "an id of one letter": of_parts('<img src="cid:c" alt="cid:c">', content_id="c"),
    "everything that is shut out": of_parts(SHUT_OUT),
    "a file's name": of_parts("", filename=f"a'><b {ACT}>.png"),
}


@pytest.fixture
def opened(live_desk, page, sign_in, asha, desk, chitra):
    """Take a mail in and open its ticket as Asha; return the page and the requests it made by
    then.
    """
    sign_in(page, asha.user)
    asked = []

    def note(request):
        asked.append((request.method, urlsplit(request.url)))

    page.on("request", note)

    def opened(mail, content_id=None):
        ticket = receive(
            ingest(mail.replace("{contact}", str(chitra.pk)).encode()), at=datetime.now(UTC)
        ).ticket
        if content_id is not None:
            Attachment.objects.update(content_id=content_id, inline=True)
        page.goto(f"/console/tickets/{ticket}")
        page.wait_for_load_state("load")
        expect(page.get_by_text("Good night.").first).to_be_visible()
        for fold in page.locator(".message summary").all():
            fold.click()
        # Htmx settles in 20 ms; a request that never comes cannot be waited for.
        page.wait_for_timeout(300)
        return page, asked

    return opened


OWN = re.compile(
    r"GET /(console/tickets/[A-Z]+-\d+|static/.+|live/console|live/tickets/.+|files/\d+/.+)"
    r"|POST /live/tickets/[A-Z]+-\d+/presence"
)


def beyond_the_page(page, asked):
    """Return what was asked for beside the page, its own files, its stream and who else is
    reading.
    """
    home = urlsplit(page.url).netloc
    return [
        (method, url.geturl())
        for method, url in asked
        if url.scheme != "data"
        and not (url.netloc == home and OWN.fullmatch(f"{method} {url.path}"))
    ]


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS.keys())
def test_opening_a_hostile_mail_asks_for_nothing_but_the_page(opened, mail, chitra):
    page, asked = opened(mail)
    assert beyond_the_page(page, asked) == []
    assert page.evaluate("typeof hacked") == "undefined"
    assert (
        page.locator(
            ".message :is([hx-post], [data-hx-post], [hx-get], form[action$=merging])"
        ).count()
        == 0
    )
    assert Contact.objects.filter(merged_into__isnull=False).count() == 0


def test_an_id_stored_before_it_was_checked_cannot_act_either(opened, chitra):
    html = f'<img src="cid:a&quot;&gt;" alt="&lt;b {ACT}&gt;">'
    page, asked = opened(of_parts(html), content_id='a">')
    assert beyond_the_page(page, asked) == []
    assert page.locator(".message [hx-post]").count() == 0


def test_what_slips_through_the_cleaning_is_not_acted_on_by_the_page_s_script(opened, page):
    from deskbook.tickets.models import Message

    shown, asked = opened(of_parts(""))
    Message.objects.update(
        html="<p>Good night.</p><b hx-post='/console/drafts' hx-trigger='load'>x</b>"
    )
    shown.reload()
    shown.wait_for_timeout(300)
    assert shown.locator(".message [hx-post]").count() == 1
    assert beyond_the_page(shown, asked) == []


def test_showing_its_pictures_asks_for_pictures_and_tells_nobody_from_where(opened):
    page, asked = opened(of_parts(SHUT_OUT))
    loaded = []

    def give(route):
        loaded.append(
            (route.request.resource_type, route.request.url, route.request.headers.get("referer"))
        )
        route.fulfill(content_type="image/png", body=b"")

    page.context.route("https://evil.example/**", give)
    alone = urljoin(page.url, page.get_by_text("Show pictures once").get_attribute("href"))
    page.goto("about:blank")  # or the ticket's live refresh is counted with what comes next
    asked.clear()
    page.goto(alone)
    pictures = {f"https://evil.example/{name}" for name in ("pixel.png", "p.png")}
    deadline = time.monotonic() + 20
    while len(loaded) < len(pictures) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)  # for what must not come
    assert {(kind, referrer) for kind, _, referrer in loaded} == {("image", None)}
    assert {address for _, address, _ in loaded} == pictures
    own = {
        url.path
        for _, url in asked
        if url.netloc == urlsplit(page.url).netloc and not url.path.startswith("/static/")
    }
    assert own == {urlsplit(page.url).path}
    assert page.evaluate("typeof hacked") == "undefined"
