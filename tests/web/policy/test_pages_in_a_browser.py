"""Published files as people open them: on a telephone, in the dark, on paper."""

import pytest

from tests.screens import everybody_can_use
from tests.web.policy.pages import SOURCES, page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("for_agents", [False, True], ids=["policy", "manual"])
def test_a_published_file_is_for_everybody(chromium, name, for_agents, tmp_path):
    file = tmp_path / f"{name}.html"
    file.write_text(page(name, for_agents=for_agents))
    context = chromium.new_context(java_script_enabled=True)
    opened = context.new_page()
    opened.goto(file.as_uri())
    everybody_can_use(opened, name)
    context.close()
