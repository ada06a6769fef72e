"""Articles of another system come along, each language once, and are read by who read them there."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime

import pytest

from deskbook.knowledge.markdown import rendered
from deskbook.knowledge.models import Article, ArticleText
from deskbook.knowledge.reading import Reader, readable
from deskbook.moving import pictures
from deskbook.moving.as_markdown import as_markdown
from deskbook.moving.models import NotMoved
from deskbook.moving.parts import MovingRefused
from deskbook.moving.taking_in import take_in
from deskbook.moving.values import Unread
from deskbook.people import apart
from tests.moving.elsewhere import brought, move_of, small_desk
from tests.people_factory import make_agent

pytestmark = pytest.mark.django_db
HTML = (
    '<h2>Before you begin</h2><p>Ask for <b>both</b> keys, <a href="https://a.example/x">here</a>.'
    "</p><ol><li>Open it.</li><li>Close it.</li></ol>"
    "<table><tr><th>Key</th></tr><tr><td>A|B</td></tr></table>"
    '<script>alert(1)</script><img src="https://b.example/p.png" alt="The lock">'
)
FOLDERS = [
    {"id": 5, "name": "Doors", "visibility": 1, "description": ""},
    {"id": 6, "name": "Safes", "visibility": 3, "description": ""},
]
ARTICLE = {
    "id": 81,
    "folder_id": 5,
    "category_id": 4,
    "title": "Opening a door",
    "description": HTML,
    "status": 2,
    "tags": ["lock"],
    "seo_data": {"meta_title": "Doors"},
}


@pytest.fixture
def desk():
    """Return a desk with an owner, who answers for its articles."""
    made = small_desk()
    make_agent(made, "Esther", "owner")
    return made


def freshdesk(folder, *articles):
    (folder / "folders.json").write_text(json.dumps(FOLDERS))
    (folder / "articles.json").write_text(json.dumps([*articles]))
    return folder


def read_by(desk, *audiences):
    titles = readable(Reader(desk, audiences, "en")).values_list("published__title", flat=True)
    return sorted(titles)


def test_headings_lists_links_and_tables_stay_and_nothing_that_acts(desk, tmp_path):
    move = brought(desk, freshdesk(tmp_path, ARTICLE), "freshdesk")
    text = ArticleText.objects.select_related("published").get()
    assert (move.articles, move.found["articles"], move.came) == (1, 1, 0)
    for kept in (
        "## Before you begin",
        "**both**",
        "[here](https://a.example/x)",
        "1. Open it.",
        r"| A\|B |",
        "![The lock](https://b.example/p.png)",
    ):
        assert kept in text.published.body
    assert "alert" not in text.published.body
    assert text.published.keywords == "lock, Doors"


def test_who_read_it_there_reads_it_here_and_a_draft_is_a_draft(desk, tmp_path):
    for_agents = {**ARTICLE, "id": 82, "folder_id": 6, "title": "Opening a safe"}
    of_no_folder = {**ARTICLE, "id": 83, "folder_id": 9, "title": "Opening a chest"}
    draft = {**ARTICLE, "id": 84, "status": 1, "title": "Opening a window"}
    brought(desk, freshdesk(tmp_path, ARTICLE, for_agents, of_no_folder, draft), "freshdesk")
    assert read_by(desk, "public", "requesters") == ["Opening a door"]
    assert read_by(desk, "agents") == ["Opening a chest", "Opening a safe"]
    window = ArticleText.objects.get(latest__title="Opening a window")
    assert window.published is None


def test_the_same_export_again_brings_none_of_them_again_and_keeps_what_was_changed(desk, tmp_path):
    export = freshdesk(tmp_path, ARTICLE)
    brought(desk, export, "freshdesk")
    Article.objects.update(audience="requesters")
    again = brought(desk, export, "freshdesk")
    assert (again.articles, ArticleText.objects.count()) == (0, 1)
    assert read_by(desk, "requesters") == ["Opening a door"]


def test_an_article_of_guide_comes_in_its_languages_and_that_of_a_segment_for_agents(
    desk, tmp_path
):
    page = {
        "articles": [
            {
                "id": 7,
                "title": "Doors",
                "body": "<p>Push.</p>",
                "locale": "en-us",
                "draft": False,
                "section_id": 1,
                "user_segment_id": None,
                "label_names": ["entry"],
            },
            {
                "id": 8,
                "title": "Safes",
                "body": "<p>Turn.</p>",
                "locale": "en-us",
                "draft": False,
                "section_id": 1,
                "user_segment_id": 44,
            },
        ]
    }
    translations = {
        "translations": [
            {
                "id": 90,
                "source_id": 7,
                "source_type": "Article",
                "locale": "en-us",
                "title": "Doors",
                "body": "<p>Push.</p>",
                "draft": False,
            },
            {
                "id": 91,
                "source_id": 7,
                "source_type": "Article",
                "locale": "pt-br",
                "title": "Portas",
                "body": "<p>Empurre.</p>",
                "draft": False,
            },
            {
                "id": 92,
                "source_id": 7,
                "source_type": "Article",
                "locale": "fr",
                "title": "Portes",
                "body": "<p>Poussez.</p>",
                "draft": False,
            },
        ]
    }
    (tmp_path / "articles.json").write_text(json.dumps(page))
    (tmp_path / "translations.json").write_text(json.dumps(translations))
    brought(desk, tmp_path, "zendesk")
    assert read_by(desk, "public") == ["Doors", "Portas"]
    assert read_by(desk, "agents") == ["Safes"]
    assert ArticleText.objects.get(language="pt").article.texts.count() == 2
    assert [one.sentence for one in NotMoved.objects.all()] == [
        "It is written in “fr”, and articles are written in English, Português, മലയാളം, हिन्दी,"
        " ଓଡ଼ିଆ here."
    ]


def test_questions_of_osticket_and_answers_of_django_helpdesk_come_along(desk, tmp_path):
    (tmp_path / "old.sql").write_text(
        "INSERT INTO `ost_faq_category` (`category_id`,`ispublic`,`name`) VALUES (1,1,'Doors'),"
        "(2,0,'Inside');\n"
        "INSERT INTO `ost_faq` (`faq_id`,`category_id`,`ispublished`,`question`,`answer`,"
        "`keywords`) VALUES (1,1,1,'Which key?','<p>The blue one.</p>','key,lock'),"
        "(2,2,1,'Which code?','<p>1234</p>',''),(3,1,0,'Which gate?','<p>Both.</p>','');\n"
    )
    brought(desk, tmp_path / "old.sql", "osticket")
    rows = [
        {
            "model": "helpdesk.kbcategory",
            "pk": 3,
            "fields": {"name": "Doors", "title": "Doors", "slug": "doors", "public": True},
        },
        {
            "model": "helpdesk.kbitem",
            "pk": 5,
            "fields": {
                "category": 3,
                "title": "Which door?",
                "question": "Which door is it?",
                "answer": "The *red* one.",
                "enabled": True,
            },
        },
    ]
    (tmp_path / "dump.json").write_text(json.dumps(rows))
    brought(desk, tmp_path / "dump.json", "django-helpdesk")
    assert read_by(desk, "public") == ["Which door?", "Which key?"]
    assert read_by(desk, "agents") == ["Which code?"]
    assert ArticleText.objects.get(published__title="Which door?").published.body == (
        "The *red* one."
    )


def test_what_cannot_be_an_article_here_is_left_out_with_why_and_the_others_come(desk, tmp_path):
    long = {**ARTICLE, "id": 85, "title": "Long", "description": "<p>word </p>" * 9_000}
    deep = {**ARTICLE, "id": 86, "title": "Deep", "description": "<blockquote>" * 5_000 + "x"}
    empty = {**ARTICLE, "id": 87, "title": "Empty", "description": ""}
    twice = {**ARTICLE, "title": "Twice"}
    odd = {**ARTICLE, "id": 88, "title": "Odd", "description": '<ol start="²"><li>x</ol>'}
    marks = "</i>" * 400 + "".join(f"<b a{n}></i>" for n in range(400))
    dear = {**ARTICLE, "id": 89, "title": "Dear", "description": f"<p>{marks}" + "<p>x" * 400}
    rows = (long, deep, empty, odd, dear, ARTICLE, twice)
    move = brought(desk, freshdesk(tmp_path, *rows), "freshdesk")
    left = {one.what for one in move.left_out.all()}
    assert left == {"Long", "Deep", "Empty", "Dear", "Twice", "https://b.example/p.png"}
    assert read_by(desk, "public") == ["Odd", "Opening a door"]


def test_a_desk_without_an_owner_is_told_that_nobody_could_answer_for_them(tmp_path):
    move = brought(small_desk(), freshdesk(tmp_path, ARTICLE), "freshdesk")
    assert "add an owner" in move.left_out.get().sentence


def test_a_file_without_ticket_and_article_is_refused(desk, tmp_path):
    with pytest.raises(MovingRefused, match="no ticket and no article"):
        brought(desk, freshdesk(tmp_path), "freshdesk")


def test_formatting_left_open_a_thousand_times_is_refused_at_once():
    html = "".join(f"<b a{n}>" for n in range(3_000)) + "<p>x" * 3_000
    with pytest.raises(Unread):
        as_markdown(html)
    assert as_markdown('<ol start="²"><li>One</li></ol>') == "1. One"
    assert as_markdown('<a href="/a (b)">x</a>') == "[x](/a%20%28b%29)"


def test_code_that_holds_fences_stays_code(desk, tmp_path):
    code = "Write:\n```\na **b**\n````\nend"
    row = {**ARTICLE, "description": f"<p>See</p><pre>{code}</pre><p>Done <b>so</b></p>"}
    brought(desk, freshdesk(tmp_path, row), "freshdesk")
    shown = rendered(ArticleText.objects.get().published.body)
    assert "a **b**" in shown and "<strong>so</strong>" in shown and "<strong>b" not in shown


def test_an_article_that_would_take_its_reader_along_costs_no_other(desk, tmp_path, monkeypatch):
    """Through a whole move: it is turned into words in a process of its own, which is ended."""
    monkeypatch.setattr(pictures, "LIMITS", apart.Limits(seconds=0.2))
    deep = "<i>" * 40 + "a" + "</i>" * 40
    rows = [{**ARTICLE, "id": 80, "title": "Dear", "description": deep * 1000}, ARTICLE]
    told = []
    move = move_of(desk, freshdesk(tmp_path, *rows), "freshdesk")
    take_in(move, tmp_path, lambda *said: told.append(said), at=datetime.now(UTC))
    left = move.left_out.order_by("pk").first()
    assert left.sentence.startswith("It cannot be turned into an article: It takes more")
    assert (left.what, move.articles, told[-1]) == ("Dear", 1, ("articles", 2, 2))
    assert read_by(desk, "public") == ["Opening a door"]


PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def test_pictures_that_are_in_the_export_come_along_and_the_others_are_named(desk, tmp_path):
    within = base64.b64encode(PNG + b"2").decode()
    html = (
        '<p><img src="https://s3.example/helpdesk/attachments/77/original/door.png?1=2" alt="Door">'
        f'<img src="data:image/png;base64,{within}" alt="Key"><img src="/gone/78/lock.png">'
        '<img src="https://s3.example/79/a.txt"></p>'
    )
    file = {"id": 5, "name": "manual.pdf", "attachment_url": "https://s3.example/5"}
    row = {**ARTICLE, "description": html, "attachments": [file]}
    lies = tmp_path / "attachments"
    lies.mkdir()
    (lies / "77").write_bytes(PNG)
    (lies / "79").write_bytes(b"no picture")
    move = brought(desk, freshdesk(tmp_path, row), "freshdesk")
    text = ArticleText.objects.get()
    shown = rendered(text.published.body)
    assert shown.count("<img") == 2 and 'alt="Door"' in shown
    for image in text.article.images.all():
        assert image.blob_id in shown
    said = [one.sentence for one in move.left_out.order_by("pk")]
    assert [("lock.png" in one, "a.txt" in one, "manual.pdf" in one) for one in said] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_each_of_many_pictures_stands_where_it_stood(desk, tmp_path):
    data = [base64.b64encode(PNG + b"%d" % n).decode() for n in range(1, 12)]
    html = "".join(
        f'<p><img src="data:image/png;base64,{one}" alt="No {n}"></p>'
        for n, one in enumerate(data, 1)
    )
    brought(desk, freshdesk(tmp_path, {**ARTICLE, "description": html}), "freshdesk")
    shown = ArticleText.objects.get().published.body
    for n in range(1, 12):
        blob = hashlib.sha256(PNG + b"%d" % n).hexdigest()
        assert re.search(rf"!\[No {n}\]\([^()]*{blob}[^()0-9a-f]*\)", shown), shown
    assert "embedded-picture" not in shown


@pytest.mark.parametrize(
    ("words", "lies"),
    [
        ("![Plan](attachments/5/Übersicht.png)", "Übersicht.png"),
        ("![Plan](<attachments/5/the plan.png>)", "the plan.png"),
        ("![Plan](attachments/5/plan_(2).png)", "plan_(2).png"),
        ("![Plan][one]\n\n[one]: attachments/5/plan.png", "plan.png"),
    ],
)
def test_a_picture_whose_name_is_no_plain_word_is_shown(desk, tmp_path, words, lies):
    (tmp_path / "attachments" / "5").mkdir(parents=True)
    (tmp_path / "attachments" / "5" / lies).write_bytes(PNG)
    category = {"title": "Doors", "slug": "doors", "public": True}
    item = {"category": 3, "title": "Which?", "question": "?", "answer": words, "enabled": True}
    rows = [
        {"model": "helpdesk.kbcategory", "pk": 3, "fields": category},
        {"model": "helpdesk.kbitem", "pk": 5, "fields": item},
    ]
    (tmp_path / "dump.json").write_text(json.dumps(rows))
    brought(desk, tmp_path, "django-helpdesk")
    text = ArticleText.objects.get()
    assert text.article.images.get().blob_id in rendered(text.published.body)
