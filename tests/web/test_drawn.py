"""Forms are drawn once for all that they show, and what somebody typed for nobody else."""

import pytest
from django.utils import timezone, translation

from deskbook.web import drawn
from deskbook.web.shared.fields import Choice, Instant, Line, Tick
from deskbook.web.shared.forms import Form


class Note(Form):
    text = Line("Note")
    day = Instant("Day")
    sort = Choice("Sort")
    told = Tick("Told")


@pytest.fixture
def again(monkeypatch):
    """The macros that were asked for since."""
    asked = []
    macro = drawn.macro
    monkeypatch.setattr(drawn, "macro", lambda *of: asked.append(of) or macro(*of))
    drawn._kept.cache_clear()
    return asked


def shown(**start):
    form = Note()
    form.begin_with(**start)
    return "".join(drawn.field(form, name) for name in form.fields)


def test_a_field_that_shows_the_same_is_drawn_once(again):
    assert shown(text="Yes") == shown(text="Yes")
    assert len(again) == 4


def test_each_value_language_and_zone_has_its_own(again):
    pages = {shown(text="Yes"), shown(text="No"), shown(text="Yes", told=True)}
    with translation.override("pt"):
        pages.add(shown(text="Yes"))
    with timezone.override("Africa/Maputo"):
        pages.add(shown(text="Yes"))

    assert len(pages) == 5
    assert "<script" not in shown(text="<script>")


def test_what_is_offered_is_part_of_what_is_shown():
    def offering(*choices):
        form = Note()
        form.offer("sort", choices)
        return drawn.field(form, "sort")

    assert offering(("a", "Apples")) != offering(("b", "Pears"))


def test_what_somebody_typed_is_kept_for_nobody(again):
    for _ in range(2):
        assert "secret" in drawn.field(Note({"text": "secret"}), "text")

    assert len(again) == 2
    assert drawn._kept.cache_info().currsize == 0
