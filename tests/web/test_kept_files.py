"""Files chosen in a form that comes back: kept by name, one person's only, sent with it or left
out.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Draft, Message
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import counter_desk, pmu, take
from tests.people_factory import make_agent, make_contact
from tests.web.test_walk_in_console import COUNTER, act, signed_in


@pytest.fixture
def post(console, at_ticket):
    return lambda **given: console.post(
        at_ticket("writing"), {"act": "answer", "client_key": "k", **given}
    )


@pytest.fixture
def asha_at(chromium, live_desk, sign_in, asha):
    """Asha's window, with scripts or without."""
    windows = []

    def window(script):
        windows.append(chromium.new_context(base_url=live_desk, java_script_enabled=script))
        page = windows[-1].new_page()
        sign_in(page, asha.user)
        return page

    yield window
    for one in windows:
        one.close()


def a_file(name="att.bin", data=b"\x00\x01 the export"):
    return SimpleUploadedFile(name, data)


def kept_in(answer):
    """Returns the values of the boxes that keep a file, as a browser would send them."""
    return re.findall(r'name="kept" value="([0-9a-f]{64})" checked', answer.content.decode())


def sent():
    messages = Message.objects.filter(kind__in=("answer", "note", "question")).order_by("pk")
    return [[(a.name, bytes(a.blob.data)) for a in one.attachments.all()] for one in messages]


def test_sent_anyway_an_answer_takes_along_the_files_chosen_before_a_colleague_was_faster(
    post, case, bala
):
    seen = case.seq
    answer_ticket(case, Written("Bala was faster."), at=timezone.now(), by=bala)
    back = post(text="See the export.", files=a_file(), last_seen=seen)
    page = back.content.decode()
    assert (back.status_code, "att.bin" in page, "Send anyway" in page) == (409, True, True)
    case.refresh_from_db()
    assert post(text="See the export.", kept=kept_in(back), last_seen=case.seq).status_code == 302
    assert sent() == [[], [("att.bin", b"\x00\x01 the export")]]
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"text": "x" * 60_000}, {"act": "sing", "text": "Here."}]
)
def test_whatever_is_wrong_with_the_words_the_files_stay_and_go_with_the_next_try(post, wrong):
    back = post(**{"files": [a_file(), a_file("b.txt", b"two")], **wrong})
    assert back.status_code == 422
    assert post(text="Here.", kept=kept_in(back)).status_code == 302
    assert [name for name, _data in sent()[0]] == ["att.bin", "b.txt"]


def test_a_kept_file_that_is_unticked_is_not_sent_and_not_kept(post, at_ticket, console):
    back = post(text="", files=[a_file(), a_file("wrong.txt", b"not this one")])
    first, _second = kept_in(back)
    again = post(text="", kept=[first])
    assert "wrong.txt" not in again.content.decode()
    assert post(text="Here.", kept=kept_in(again)).status_code == 302
    assert sent() == [[("att.bin", b"\x00\x01 the export")]]
    assert "att.bin" not in console.get(at_ticket()).content.decode().partition('id="composer"')[2]


def test_kept_files_survive_what_is_typed_emptied_and_typed_again(post, console, at_ticket, case):
    post(text="", files=a_file())
    for typed in ("Half a sentence", "", "Another"):
        console.post("/console/drafts", {"key": f"ticket {case.pk}", "text": typed})
        page = console.get(at_ticket())
        assert "att.bin" in page.content.decode()
        assert f"{typed}</textarea>" in page.content.decode()
    assert post(text="Here.", kept=kept_in(page)).status_code == 302
    assert len(sent()[0]) == 1


def test_what_came_back_is_there_after_a_reload_without_a_script(
    post, console, at_ticket, case, bala
):
    seen = case.seq
    answer_ticket(case, Written("Bala was faster."), at=timezone.now(), by=bala)
    post(text="For them", files=a_file(), last_seen=seen)
    page = console.get(at_ticket()).content.decode()
    assert ("For them" in page, "att.bin" in page) == (True, True)


def test_nobody_sends_a_file_that_another_keeps(post, as_bala, at_ticket):
    kept = kept_in(post(text="", files=a_file()))
    back = as_bala.post(
        at_ticket("writing"), {"act": "answer", "text": "Mine?", "kept": kept, "client_key": "b"}
    )
    assert back.status_code == 422
    assert "A file that was kept is not there any more" in back.content.decode()
    assert not Attachment.objects.exists()
    assert "att.bin" not in as_bala.get(at_ticket()).content.decode()


def test_files_too_large_together_are_named_and_the_others_kept(post):
    back = post(
        text="Here.",
        files=[a_file("one.bin", bytes(20 * 2**20)), a_file("two.bin", bytes(6 * 2**20))],
    )
    page = back.content.decode()
    assert (back.status_code, "“two.bin” was not added" in page, len(kept_in(back))) == (
        422,
        True,
        1,
    )
    assert "Here.</textarea>" in page


def test_pictures_chosen_together_that_a_telephone_calls_the_same_all_go_along(post):
    both = [a_file("image.jpg", b"the front"), a_file("image.jpg", b"the back")]
    assert post(text="Here.", files=both).status_code == 302
    assert sent() == [[("image.jpg", b"the front"), ("image.jpg", b"the back")]]


def test_a_form_with_kept_files_sent_twice_is_one_answer_and_no_complaint(post):
    kept = kept_in(post(text="", files=a_file()))
    assert [post(text="Here.", kept=kept).status_code for _time in range(2)] == [302, 302]
    assert len(sent()) == 1


def test_papers_of_a_visit_wait_while_it_is_said_who_came(db):
    site = pmu(counter_desk(ALWAYS))
    make_contact(site.helpdesk)
    console = signed_in(make_agent(site.helpdesk, "Asha"))
    console.post(COUNTER, {"act": "sit", "counter": "1", "services": ["salary", "login"]})
    token = take(site, at=timezone.now())
    act(console, "next")
    visit = {"act": "finish", "token": token.pk, "text": "My pay."}
    back = console.post(
        COUNTER, {**visit, "requester": "", "files": a_file("form 6.pdf", b"%PDF-1.4")}
    )
    assert (back.status_code, "form 6.pdf" in back.content.decode()) == (422, True)
    known = {**visit, "requester": "chitra@counter-customer.example", "kept": kept_in(back)}
    assert "Logged as CNT-1" in console.post(COUNTER, known, follow=True).content.decode()
    assert Attachment.objects.get().name == "form 6.pdf"
    assert not Draft.objects.exists()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_by_keys_alone_a_file_kept_is_seen_and_left_out_or_sent(
    script, asha_at, bala, case, tmp_path
):
    page = asha_at(script)
    page.goto(f"/console/tickets/{case}")
    for name in ("att.bin", "wrong.bin"):
        (tmp_path / name).write_bytes(name.encode())
    page.locator("#composer [name=files]").set_input_files(
        [tmp_path / "att.bin", tmp_path / "wrong.bin"]
    )
    page.locator("#text").fill("See the export.")
    answer_ticket(case, Written("Bala was faster."), at=timezone.now(), by=bala)
    page.get_by_role("button", name=re.compile("^Send")).press("Enter")
    expect(page.get_by_text("Somebody answered while you were writing")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("att.bin"))).to_be_checked()
    page.get_by_role("checkbox", name=re.compile("wrong.bin")).press("Space")
    page.get_by_role("button", name=re.compile("^Send anyway")).press("Enter")
    expect(page.get_by_text("Answered SPR-1.")).to_be_visible()
    assert sent()[-1] == [("att.bin", b"att.bin")]
