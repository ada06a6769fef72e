"""The articles of a desk as its agents write, review and use them."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deskbook.knowledge.deflection import note_opening
from deskbook.knowledge.feedback import Opinion, vote, voter
from deskbook.knowledge.gaps import note_search
from deskbook.knowledge.models import ArticleText, Gap
from deskbook.people.books import apply_book
from deskbook.people.models import BookVersion
from deskbook.tickets.improvement_models import Finding
from tests.article_factory import release, translate, write
from tests.people_factory import make_agent, make_desk
from tests.screens import one_line
from tests.web.test_roster_screen import signed_in, text

LIST = "/console/articles/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def typed(**more):
    return {
        "language": "en",
        "title": "Print a report",
        "body": "Choose *Reports*.",
        "audience": "public",
        "keywords": "printing, PDF",
        **more,
    }


@pytest.fixture
def publish(asha, bala):
    return lambda *given, **more: release(write(asha, *given, **more), asha, bala)


def test_a_new_article_sent_twice_is_one_and_other_words_in_the_same_form_are_another(console):
    form = re.search(r'name="client_key" value="(\w+)"', text(console.get(f"{LIST}new")))
    first, again = (console.post(f"{LIST}new", typed(client_key=form[1])) for _press in range(2))
    assert first.url == again.url == f"{LIST}{ArticleText.objects.get().pk}/"
    console.post(f"{LIST}new", typed(client_key=form[1], title="Print a label"))
    assert ArticleText.objects.count() == 2


def test_an_agent_writes_and_another_publishes(console, as_bala):
    shown = text(console.post(f"{LIST}new", typed(), follow=True))
    assert "Version 1 by Asha is a draft" in shown
    one = ArticleText.objects.get()
    at = f"{LIST}{one.pk}/"
    assert "another person reads and publishes it" in text(
        console.post(at + "proposal", follow=True)
    )
    assert "Publish</button>" not in text(console.get(at))
    assert "1" in text(as_bala.get(f"{LIST}?list=review"))
    refused = console.post(at + "publication", {"version": 1})
    assert (refused.status_code, "You wrote this version" in text(refused)) == (409, True)
    shown = text(as_bala.post(at + "publication", {"version": 1}, follow=True))
    assert "/desk/sparkrock/articles/print-a-report/" in shown


def test_sent_back_it_says_why_in_the_history(console, as_bala, asha):
    one = write(asha)
    at = f"{LIST}{one.pk}/"
    console.post(at + "proposal")
    nothing = as_bala.post(at + "return", {"version": 1, "words": " "})
    assert (nothing.status_code, "Say what should be changed" in text(nothing)) == (409, True)
    as_bala.post(at + "return", {"version": 1, "words": "Name the <menu>."})
    assert "“Name the &lt;menu&gt;.”" in text(console.get(at))


def test_two_reviewers_at_once_the_second_reads_what_happened(console, as_bala, asha, desk):
    one = write(asha)
    at = f"{LIST}{one.pk}/"
    console.post(at + "proposal")
    as_bala.post(at + "publication", {"version": 1})
    second = signed_in(make_agent(desk, "Eve")).post(at + "publication", {"version": 1})
    assert (second.status_code, "Bala was first and published it" in text(second)) == (409, True)


def test_a_draft_begun_before_another_saved_is_compared_with_it_though_it_is_opened_after(
    console, as_bala, asha
):
    one = write(asha, body="First line\nSecond line")
    at = f"{LIST}{one.pk}/edit"
    kept = {"key": f"article {one.pk}", "text": "First line\nBy Asha", "base": "1"}
    assert console.post("/console/drafts", kept).status_code == 204
    as_bala.post(at, typed(title="By Bala", body="First line\nChanged by Bala", base=1))
    base = re.search(r'name="base" value="(\d+)"', text(console.get(at)))[1]
    refused = console.post(at, typed(title="By Asha", body="First line\nBy Asha", base=base))
    assert "Bala saved version 2 while you were writing" in text(refused)


def test_of_two_writers_the_second_is_shown_both_and_can_save(console, as_bala, asha):
    one = write(asha, body="First line\nSecond line")
    at = f"{LIST}{one.pk}/edit"
    as_bala.post(at, typed(title="By Bala", body="First line\nChanged by Bala", base=1))
    refused = console.post(at, typed(title="By Asha", body="First line\nChanged by Asha", base=1))
    shown = text(refused)
    assert refused.status_code == 409
    assert "Bala saved version 2 while you were writing" in shown
    assert "<ins>Changed by Bala</ins>" in shown
    assert "<del>Second line</del>" in shown
    assert "Changed by Asha</textarea>" in shown
    base = re.search(r'name="base" value="(\d+)"', shown)[1]
    console.post(
        at, typed(title="By Asha", body="First line\nChanged by Asha\nChanged by Bala", base=base)
    )
    assert ArticleText.objects.get().latest.number == 3


def test_what_is_too_long_comes_back_as_it_was_typed(console):
    long = "ശ" * 200_000
    refused = console.post(f"{LIST}new", typed(body=long))
    shown = text(refused)
    assert (refused.status_code, "200,000 characters; at most 30,000 fit" in shown) == (422, True)
    assert long in shown
    assert not ArticleText.objects.exists()


def test_a_picture_is_stored_and_named_at_the_end_of_the_text(console):
    console.post(f"{LIST}new", typed(files=SimpleUploadedFile("menu.png", PNG)))
    one = ArticleText.objects.select_related("latest").get()
    assert re.search(r"!\[menu\]\(/desk/sparkrock/articles/images/[0-9a-f]{64}\)$", one.latest.body)
    assert "<img" in text(console.get(f"{LIST}{one.pk}/"))
    refused = console.post(f"{LIST}new", typed(files=SimpleUploadedFile("evil.png", b"<svg/>")))
    assert (refused.status_code, "no PNG" in text(refused)) == (422, True)
    assert ArticleText.objects.count() == 1


def test_a_picture_waits_while_the_text_is_corrected(console):
    refused = console.post(f"{LIST}new", typed(title="", files=SimpleUploadedFile("menu.png", PNG)))
    assert (refused.status_code, "menu.png" in text(refused)) == (422, True)
    kept = re.findall(r'name="kept" value="([0-9a-f]{64})"', text(refused))
    console.post(f"{LIST}new", typed(kept=kept))
    assert "![menu]" in ArticleText.objects.select_related("latest").get().latest.body


def test_the_preview_shows_no_script(console):
    assert text(console.post(f"{LIST}preview", {"body": "**a** <script>x</script>"})) == (
        "<p><strong>a</strong> &lt;script&gt;x&lt;/script&gt;</p>\n"
    )


def test_another_language_begins_beside_the_first_and_belongs_to_it(console, publish):
    one = publish("Print a report")
    shown = text(console.get(f"{LIST}new?of={one.pk}&language=pt"))
    assert "What is translated" in shown
    assert '<option value="en"' not in shown
    console.post(f"{LIST}new", typed(of=one.pk, language="pt", title="Imprimir"))
    assert set(one.article.texts.values_list("language", flat=True)) == {"en", "pt"}
    again = console.post(f"{LIST}new", typed(of=one.pk, language="pt", title="Imprimir"))
    assert (again.status_code, "already" in text(again)) == (422, True)


def test_versions_are_compared_and_an_earlier_one_restored(console, publish):
    one = publish("First", "One")
    console.post(f"{LIST}{one.pk}/edit", typed(title="Second", body="Two", base=1))
    shown = text(console.get(f"{LIST}{one.pk}/versions"))
    assert ("<del>First</del>" in shown, "<ins>Two</ins>" in shown) == (True, True)
    console.post(f"{LIST}{one.pk}/restoration", {"version": 1, "base": 2})
    one.refresh_from_db()
    assert (one.latest.number, one.latest.title) == (3, "First")
    late = console.post(f"{LIST}{one.pk}/restoration", {"version": 2, "base": 2})
    assert (late.status_code, "in between" in text(late)) == (409, True)


def test_an_address_that_is_taken_is_refused_in_words(console, publish):
    publish("First")
    second = publish("Second")
    refused = console.post(f"{LIST}{second.pk}/address", {"slug": "first"})
    assert (refused.status_code, "“first” belongs to another article" in text(refused)) == (
        409,
        True,
    )
    assert 'value="first"' in text(refused)
    long = console.post(f"{LIST}{second.pk}/address", {"slug": "s" * 201})
    assert (long.status_code, "at most 200 fit" in text(long)) == (422, True)
    console.post(f"{LIST}{second.pk}/address", {"slug": "New name"})
    second.refresh_from_db()
    assert second.slug == "new-name"


def test_the_author_reads_reasons_and_words_of_readers(console, publish):
    one, at = publish("Print a report"), timezone.now()
    vote(one, Opinion(False, ["outdated"], "The <menu> moved."), voter("a", "", at=at), at=at)
    vote(one, Opinion(True), voter("b", "", at=at), at=at)
    shown = text(console.get(f"{LIST}{one.pk}/"))
    assert "“The &lt;menu&gt; moved.”" in shown
    assert "It is out of date" in shown
    listed = one_line(text(console.get("/console/improvements/")))
    assert Finding.objects.get().title in listed.replace("&#34;", '"')
    assert f'<a href="{LIST}{one.pk}/">Print a report</a>: 1 reader' in listed
    themes = text(console.get("/console/improvements/themes"))
    assert "Articles: out of date" in themes


def test_one_key_marks_a_ticket_and_both_kinds_of_gaps_make_one_list(
    console, case, desk, at_ticket
):
    assert "is on the list" in text(console.post(at_ticket("gap"), follow=True))
    note_search(desk, "garnishment order", at=timezone.now())
    shown = text(console.get(f"{LIST}?list=gaps"))
    assert str(case) in shown
    assert "garnishment order" in shown
    gap = Gap.objects.get(ticket=case)
    assert console.get(f"{LIST}new?gap={'9' * 5000}&of={'9' * 5000}").status_code == 200
    editor = text(console.get(f"{LIST}new?gap={gap.pk}"))
    assert f'value="{case.subject}"' in editor
    console.post(f"{LIST}new", typed(gap=gap.pk))
    assert "The draft" in text(console.get(f"{LIST}?list=gaps"))
    console.post(f"{LIST}gaps/{Gap.objects.get(ticket=None).pk}/settling")
    assert "garnishment" not in text(console.get(f"{LIST}?list=gaps"))
    assert "is off the list" in text(console.post(at_ticket("gap"), follow=True))


@pytest.fixture
def in_portuguese(asha, bala):
    return lambda one, *given: translate(one, asha, bala, "pt", *given)


def test_an_article_goes_into_an_answer_in_the_requesters_language(
    console, chitra, publish, in_portuguese, at_ticket
):
    one = publish("Payroll report", "Choose **Reports**.")
    other = in_portuguese(one, "Relatório de salários", "Escolha ![x](/y) *Relatórios*.")
    publish("Payroll secrets", audience="agents")
    offered = text(console.get(at_ticket("insertions/?q=payroll")))
    assert re.findall(r'data-value="article:(\d+)"', offered) == [str(one.pk)]
    chitra.language = "pt"
    chitra.save()
    offered = text(console.get(at_ticket("insertions/")))  # what fits the ticket's subject
    assert re.findall(r'data-value="article:(\d+)"', offered) == [str(other.pk)]
    link = text(console.get(at_ticket(f"insertions/article/{other.pk}")))
    assert (
        link
        == f"Relatório de salários\nhttp://127.0.0.1:8000/desk/sparkrock/articles/{other.slug}/"
    )
    assert text(console.get(at_ticket(f"insertions/article/{other.pk}?as=text"))).endswith(
        "Escolha x *Relatórios*."
    )


def test_secrets_and_drafts_go_into_no_answer(console, publish, asha, at_ticket):
    secret, draft = publish("Payroll secrets", audience="agents"), write(asha, "Payroll draft")
    for one in (secret, draft):
        assert console.get(at_ticket(f"insertions/article/{one.pk}")).status_code == 404


def test_another_desk_sees_and_changes_nothing(publish, case, desk):
    one = publish("Ours")
    note_search(desk, "garnishment", at=timezone.now())
    stranger = signed_in(make_agent(make_desk("mukta"), "Farid", role="lead"))
    assert "Ours" not in text(stranger.get(LIST))
    assert "garnishment" not in text(stranger.get(f"{LIST}?list=gaps"))
    gap = Gap.objects.get()
    for address in (
        f"{LIST}{one.pk}/",
        f"{LIST}{one.pk}/edit",
        f"{LIST}{one.pk}/versions",
        f"{LIST}new?of={one.pk}",
        f"{LIST}new?gap={gap.pk}",
    ):
        assert stranger.get(address).status_code == 404, address
    for address in (
        f"{LIST}{one.pk}/withdrawal",
        f"{LIST}{one.pk}/edit",
        f"{LIST}gaps/{gap.pk}/settling",
    ):
        assert stranger.post(address, typed()).status_code == 404, address
    one.refresh_from_db()
    assert one.published_id


def test_the_list_says_how_writing_a_case_ended(console, publish):
    note_opening(publish("Ours"), "a" * 32, "portal", at=timezone.now() - timedelta(days=2))
    assert "in 90 days: 1 · sent it all the same: 0 · did not: 1" in text(console.get(LIST))


def test_odd_addresses_and_numbers_are_not_found_or_refused(console, publish):
    one = publish("Ours")
    assert console.post(f"{LIST}{one.pk}/explosion").status_code == 404
    assert console.get(f"{LIST}{one.pk}/versions?from=x&to=99999999999999").status_code == 200
    assert console.post(f"{LIST}{one.pk}/publication", {"version": "9" * 40}).status_code == 409
    assert console.post(f"{LIST}{one.pk}/restoration", {"version": "-1"}).status_code == 409
    assert console.get(f"{LIST}?list=nonsense").status_code == 200


def test_a_new_article_begins_in_the_language_the_desk_names_first(console, desk):
    assert 'value="en" selected' in console.get(f"{LIST}new").content.decode()
    book = BookVersion.objects.get(desk=desk, number=desk.book_version).text
    apply_book(desk.key, f"{book}\nlanguages: [pt, en]\n", at=timezone.now(), by=None)
    assert 'value="pt" selected' in console.get(f"{LIST}new").content.decode()
