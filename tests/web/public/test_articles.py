"""The articles of a desk as everybody reads them: who may, in which language, at which address."""

import gzip
import re

import pytest
from django.contrib.staticfiles.finders import find as static_file
from django.test import Client

from deskbook.knowledge.images import add_image
from deskbook.knowledge.models import Gap
from deskbook.knowledge.writing import Draft, rename, save_draft, unpublish
from deskbook.people.contacts import give_sign_in
from tests.article_factory import release, translate, write
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.screens import one_line

LIST = "/desk/sparkrock/articles/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def publish(asha, bala):
    return lambda *given, slug="", **more: release(
        write(asha, *given, **more), asha, bala, slug=slug
    )


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:300]
    return one_line(answer.content.decode())


def signed_in(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def as_chitra(chitra):
    return signed_in(give_sign_in(chitra))


def speaking(language, client=None):
    client = client or Client()
    client.post("/language/", {"language": language})
    return client


def test_everybody_reads_a_public_article_and_finds_it_in_the_list(publish):
    text = publish("Print the payroll report", "Choose **Reports**.\n\n1. One\n2. Two")
    assert f'href="{LIST}{text.slug}/"' in page(Client(), LIST)
    shown = page(Client(), f"{LIST}{text.slug}/")
    assert "<strong>Reports</strong>" in shown
    assert "<h1>Print the payroll report</h1>" in shown


def test_articles_stand_under_the_categories_of_the_book(db):
    desk = make_desk("mukta")
    asha, bala = make_agent(desk, "Asha"), make_agent(desk, "Bala")
    release(write(asha, "Muster roll", facets={"category": "functional"}), asha, bala)
    release(write(asha, "Elsewhere"), asha, bala)
    shown = page(Client(), "/desk/mukta/articles/")
    assert re.search(
        r"functional.*Muster roll.*Other articles.*Elsewhere", shown, re.IGNORECASE | re.DOTALL
    )


def test_what_requesters_may_read_asks_strangers_to_sign_in_and_is_not_there_for_others(
    publish, as_chitra
):
    text = publish("For customers", audience="requesters")
    address = f"{LIST}{text.slug}/"
    assert "For customers" not in page(Client(), LIST)
    assert Client().get(address).url.startswith("/account/login/")
    assert "For customers" in page(as_chitra, address)
    stranger = signed_in(give_sign_in(make_contact(make_desk("mukta"), "Farah")))
    page(stranger, address, 404)


def test_what_agents_read_is_there_for_agents_only(publish, as_chitra, console):
    text = publish("For agents", audience="agents")
    address = f"{LIST}{text.slug}/"
    page(Client(), address, 404)
    page(as_chitra, address, 404)
    assert "For agents" in page(console, address)


def test_drafts_and_articles_taken_back_are_not_there(publish, asha, bala):
    text = publish("Gone")
    save_draft(text, Draft("New title", "New words"), base=1, at=MONDAY, by=asha)
    assert "New words" not in page(Client(), f"{LIST}{text.slug}/")
    unpublish(text, at=MONDAY, by=bala)
    page(Client(), f"{LIST}{text.slug}/", 404)
    assert "Gone" not in page(Client(), LIST)


def test_an_old_address_leads_to_the_new_one(publish, asha):
    text = publish("Old title")
    rename(text, "new-title", at=MONDAY, by=asha)
    answer = Client().get(f"{LIST}old-title/")
    assert (answer.status_code, answer.url) == (301, f"{LIST}new-title/")


def test_an_article_of_another_desk_is_not_at_this_ones_address(publish):
    make_desk("mukta")
    text = publish("Ours")
    page(Client(), f"/desk/mukta/articles/{text.slug}/", 404)
    page(Client(), "/desk/nowhere/articles/", 404)


def test_a_missing_language_is_said_plainly_and_the_others_are_named(publish, asha, bala):
    text = publish("Payroll report")
    translated = translate(text, asha, bala, "pt", "Relatório de salários")
    shown = page(speaking("ml"), f"{LIST}{text.slug}/")
    assert "മലയാളം" in shown
    assert 'lang="en"' in shown
    assert f'href="{LIST}{translated.slug}/" lang="pt"' in shown
    assert "notice" not in page(speaking("pt"), f"{LIST}{translated.slug}/")
    assert "notice" not in page(speaking("pt"), f"{LIST}{text.slug}/")
    listed = page(speaking("pt"), LIST)
    assert "Relatório de salários" in listed
    assert "Payroll report" not in listed
    assert 'class="badge">English' in page(speaking("ml"), LIST)


def test_a_title_in_malayalam_has_an_address_that_works(publish):
    text = publish("ശമ്പള ബിൽ തയ്യാറാക്കാൻ", language="ml")
    assert text.slug == "ശമ്പള-ബിൽ-തയ്യാറാക്കാൻ"
    assert "ശമ്പള ബിൽ" in page(Client(), f"{LIST}{text.slug}/")


def test_scripts_and_foreign_pictures_in_an_article_do_nothing(publish):
    text = publish(
        "Tricks",
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[go](javascript:alert(1)) "
        "![spy](https://evil.example/p.png) [out](https://example.org)\n\n# Large",
    )
    shown = page(Client(), f"{LIST}{text.slug}/")
    article = shown[shown.index("<article") : shown.index("</article>")]
    assert "<script" not in article
    assert "<img" not in article
    assert 'href="javascript' not in article
    assert "evil.example" not in article
    assert "&lt;script&gt;" in article
    assert 'rel="noopener noreferrer"' in article
    assert article.count("<h1") == 1


def test_a_picture_is_shown_by_the_desk_to_who_may_read_the_article(asha, bala, as_chitra, console):
    text = write(asha, audience="requesters")
    shown = add_image(text.article, PNG, "screen [1].png")
    sha256 = re.search(r"[0-9a-f]{64}", shown)[0]
    address = f"{LIST}images/{sha256}"
    assert as_chitra.get(address).status_code == 404
    assert console.get(address).status_code == 200
    save_draft(text, Draft("With a picture", shown), base=1, at=MONDAY, by=asha)
    text.refresh_from_db()
    text = release(text, asha, bala)
    assert f'<img src="{address}" alt="screen 1" loading="lazy"' in page(
        as_chitra, f"{LIST}{text.slug}/"
    )
    answer = as_chitra.get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    assert Client().get(address).status_code == 404


def test_words_that_find_nothing_are_kept_for_the_desk_without_what_may_be_somebodys(
    publish, as_chitra
):
    publish("Print the payroll report")
    assert "Print the payroll report" in page(Client(), LIST + "?q=payroll")
    assert "No article fits" in page(
        as_chitra, LIST + "?q=Chitra+garnishment+order+chitra@x.example+445566"
    )
    page(Client(), LIST + "?q=garnishment+order")
    gap = Gap.objects.get()
    assert (gap.words, gap.times) == ("garnishment order", 2)


def test_suggestions_come_as_links_or_as_data_and_are_none_for_nothing(publish):
    text = publish("Print the payroll report", "Choose *Reports* at the top.")
    links = page(Client(), LIST + "suggestions?q=my+payroll+report+is+empty")
    assert re.search(
        rf'href="{LIST}{text.slug}/\?writing=[0-9a-f]{{32}}&amp;place=portal" target="_blank"',
        links,
    )
    assert page(Client(), LIST + "suggestions?q=zebra") == ""
    key = "a" * 32
    answer = (
        Client().get(LIST + f"suggestions?q=payroll&format=json&place=chat&writing={key}").json()
    )
    assert answer["writing"] == key
    assert answer["articles"] == [
        {
            "title": "Print the payroll report",
            "url": f"{LIST}{text.slug}/?writing={key}&place=chat",
            "language": "",
            "lang": "en",
            "excerpt": "Choose Reports at the top.",
        }
    ]


@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_pages_stay_light_for_a_phone_on_a_slow_line(publish, language):
    text = publish("Print the payroll report", "Choose *Reports*. " * 200)
    client = speaking(language)
    for address in (LIST, f"{LIST}{text.slug}/"):
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        weight = len(answer.content)
        for name in set(
            re.findall(
                r'(?:src|href|data-worker)="/static/([^"#]+)',
                gzip.decompress(answer.content).decode(),
            )
        ):
            with open(static_file(name), "rb") as file:
                weight += len(gzip.compress(file.read(), 6))
        assert weight <= 25_000, address
