"""Both sides of a chat say sizes in the words of every other page."""

import pytest
from django.template.defaultfilters import filesizeformat
from django.utils import translation

from deskbook.web.shared.chat_words import words_of_sizes

SIZES = (1, 10, 1023, 1024, 100_009, 1_048_575, 1_048_576, 5_500_000, 3 << 30)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "pt", "ml", "hi"])
def test_a_size_is_said_as_the_server_says_it(live_desk, page, language):
    page.goto("/chat/none/")
    with translation.override(language):
        words, expected = words_of_sizes(), [filesizeformat(size) for size in SIZES]
    shown = page.evaluate(
        """async ([words, sizes]) => {
            document.body.dataset.said = JSON.stringify(words);
            const { size } = await import("/static/js/talk.js");
            return sizes.map(size);
        }""",
        [words, list(SIZES)],
    )
    assert shown == expected
