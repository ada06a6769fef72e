"""Writing, reviewing, publishing: by two people, and with nothing lost when they meet."""

from datetime import timedelta

import pytest

from deskbook.knowledge.images import LARGEST, add_image
from deskbook.knowledge.models import ArticleText
from deskbook.knowledge.reading import text_at
from deskbook.knowledge.writing import (
    LONGEST_BODY,
    Draft,
    EditedMeanwhile,
    Sorting,
    add_language,
    begin_article,
    propose,
    publish,
    rename,
    restore,
    save_draft,
    send_back,
    sort_article,
    unpublish,
)
from deskbook.refusals.refusal import Refused
from tests.people_factory import make_agent

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def fresh(text):
    return ArticleText.objects.select_related("published", "proposed", "latest", "article").get(
        pk=text.pk
    )


def test_nobody_publishes_what_they_wrote(draft, asha, bala, at):
    text = draft()
    propose(text, at=at, by=asha)
    with pytest.raises(Refused, match="another person"):
        publish(text, 1, at=at, by=asha)
    assert publish(text, 1, at=at, by=bala) == "print-the-payroll-report"
    assert fresh(text).published.number == 1


def test_only_the_version_the_reviewer_read_is_published(draft, asha, bala, at):
    text = draft()
    propose(text, at=at, by=asha)
    save_draft(text, Draft("Better", "More"), base=1, at=at, by=asha)
    with pytest.raises(Refused, match="not up for review"):
        publish(text, 1, at=at, by=bala)
    assert fresh(text).published is None


def test_of_two_reviewers_the_second_is_told_what_the_first_did(draft, desk, asha, bala, at):
    text, dev = draft(), make_agent(desk, "Dev")
    propose(text, at=at, by=asha)
    publish(text, 1, at=at, by=bala)
    with pytest.raises(Refused, match="Bala was first and published it"):
        publish(text, 1, at=at, by=dev)
    save_draft(text, Draft("Better", "More"), base=1, at=at, by=asha)
    propose(text, at=at, by=asha)
    send_back(text, 2, "Name the menu.", at=at, by=dev)
    with pytest.raises(Refused, match="Dev was first and sent it back"):
        publish(text, 2, at=at, by=bala)


def test_sending_back_wants_a_reason_and_keeps_the_published_version(article, asha, bala, at):
    text = article()
    save_draft(text, Draft("Better", "More"), base=1, at=at, by=asha)
    propose(text, at=at, by=asha)
    with pytest.raises(Refused, match="Say what should be changed"):
        send_back(text, 2, "  ", at=at, by=bala)
    send_back(text, 2, "Name the menu.", at=at, by=bala)
    now = fresh(text)
    assert (now.published.number, now.proposed, now.latest.number) == (1, None, 2)
    assert text.acts.latest("pk").words == "Name the menu."


def test_of_two_who_write_at_once_the_second_is_shown_the_first_and_both_are_kept(
    draft, asha, bala, at
):
    text = draft()
    save_draft(text, Draft("Asha's", "By Asha"), base=1, at=at, by=asha)
    with pytest.raises(EditedMeanwhile) as first:
        save_draft(text, Draft("Bala's", "By Bala"), base=1, at=at, by=bala)
    assert first.value.theirs.title == "Asha's"
    save_draft(text, Draft("Bala's", "By Bala"), base=2, at=at, by=bala)
    assert list(text.versions.order_by("number").values_list("title", flat=True)[1:]) == [
        "Asha's",
        "Bala's",
    ]


def test_the_same_words_saved_twice_are_one_version(draft, asha, at):
    text = draft()
    for _time in range(2):
        save_draft(text, Draft("Better", "More\r\nlines"), base=1, at=at, by=asha)
    assert text.versions.count() == 2


def test_an_earlier_version_is_restored_and_what_came_after_stays(article, asha, at):
    text = article("First", "One")
    save_draft(text, Draft("Second", "Two"), base=1, at=at, by=asha)
    made = restore(text, 1, base=2, at=at, by=asha)
    assert (made.number, made.title, made.body) == (3, "First", "One")
    assert text.versions.count() == 3
    with pytest.raises(Refused, match="no such version"):
        restore(text, 99, base=3, at=at, by=asha)


def test_an_article_taken_back_is_found_no_more_and_keeps_its_address(
    article, asha, bala, at, release
):
    text = article("Report")
    unpublish(text, at=at, by=bala)
    assert fresh(text).published is None
    with pytest.raises(Refused, match="not published"):
        unpublish(text, at=at, by=bala)
    assert release(fresh(text)).slug == "report"


def test_an_address_that_is_taken_is_refused_or_gets_a_number(article, draft, release, asha, at):
    first = article("Report")
    assert article("Report").slug == "report-2"
    third = draft("Third")
    with pytest.raises(Refused, match="“report” belongs to another article"):
        release(third, slug="Report")
    rename(first, "Payroll", at=at, by=asha)
    with pytest.raises(Refused, match="belongs to another"):
        release(fresh(third), slug="report")
    assert text_at(first.desk, "report").slug == "payroll"
    assert rename(first, "report", at=at, by=asha) == "report"


def test_a_translation_in_another_script_has_the_address_of_its_latin_sister(article, translation):
    text = article("Salary bill")
    assert translation(text, "ml", "ശമ്പള ബിൽ").slug == "salary-bill-ml"
    assert translation(text, "pt", "Folha de salários").slug == "folha-de-salarios"
    assert article("ശമ്പള ബിൽ", language="ml").slug == "ശമ്പള-ബിൽ"


@pytest.mark.parametrize("title", ["Suggestions", "images", "!!!", "🙂"])
def test_a_title_that_cannot_be_an_address_gets_another(article, title):
    assert article(title).slug in ("suggestions-2", "images-2", "article")


@pytest.mark.parametrize(
    ("draft_typed", "sentence"),
    [
        (Draft("", "x"), "Give the article a title"),
        (Draft("x", " \n"), "Write the article first"),
        (Draft("x" * 201, "x"), "at most 200"),
        (Draft("x", "x", "k" * 501), "keywords"),
        (Draft("x", "ക" * 200_000), r"200,000 characters; at most 30,000 fit\. Make two"),
    ],
)
def test_what_cannot_be_an_article_is_refused_with_what_to_do(
    draft, asha, at, draft_typed, sentence
):
    text = draft()
    with pytest.raises(Refused, match=sentence):
        save_draft(text, draft_typed, base=1, at=at, by=asha)
    with pytest.raises(Refused, match=sentence):
        begin_article("en", draft_typed, Sorting(), at=at, by=asha)
    assert ArticleText.objects.count() == 1


def test_the_longest_article_fits(draft, asha, at):
    assert save_draft(draft(), Draft("x", "x" * LONGEST_BODY), base=1, at=at, by=asha).number == 2


def test_one_text_a_language_and_only_in_languages_deskbook_speaks(draft, asha, at):
    text = draft()
    add_language(text.article, "pt", Draft("Título", "Texto"), at=at, by=asha)
    with pytest.raises(Refused, match="already"):
        add_language(text.article, "pt", Draft("Título", "Texto"), at=at, by=asha)
    with pytest.raises(Refused, match="languages Deskbook speaks"):
        add_language(text.article, "tlh", Draft("x", "y"), at=at, by=asha)


def test_an_article_is_sorted_in_the_words_of_the_book_only(draft, asha):
    text = draft()
    with pytest.raises(Refused, match="The book has no"):
        sort_article(text.article, Sorting("public", {"type": "miracle"}), by=asha)
    with pytest.raises(Refused, match="for everybody"):
        sort_article(text.article, Sorting("friends"), by=asha)
    sort_article(text.article, Sorting("agents", {"type": "issue"}), by=asha)
    assert (fresh(text).article.audience, fresh(text).article.facets) == (
        "agents",
        {"type": "issue"},
    )


def test_nobody_lets_more_people_read_what_is_published_alone(article, asha, at):
    text = article("Payroll secrets", audience="agents")
    for wider in ("requesters", "public"):
        with pytest.raises(Refused, match="second person"):
            sort_article(text.article, Sorting(wider), by=asha)
    unpublish(text, at=at, by=asha)
    sort_article(text.article, Sorting("public"), by=asha)
    assert fresh(text).article.audience == "public"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg onload=alert(1)>", "no PNG"),
        (b"", "no PNG"),
        (PNG + b"x" * LARGEST, "larger than 1 MB"),
    ],
)
def test_only_small_pictures_are_taken_whatever_their_name_says(draft, data, sentence):
    with pytest.raises(Refused, match=sentence):
        add_image(draft().article, data, "picture.png")


def test_a_picture_sent_twice_is_stored_once(draft):
    article = draft().article
    assert add_image(article, PNG, "a.png") == add_image(article, PNG, "a.png")
    assert article.images.count() == 1


def test_who_proposed_and_published_and_when_is_kept(draft, asha, bala, at):
    text = draft()
    propose(text, at=at, by=asha)
    propose(text, at=at, by=asha)
    publish(text, 1, at=at + timedelta(hours=1), by=bala)
    assert [(act.kind, str(act.by)) for act in text.acts.order_by("pk")] == [
        ("proposed", "Asha"),
        ("published", "Bala"),
    ]
    with pytest.raises(Refused, match="published already"):
        propose(text, at=at, by=asha)
