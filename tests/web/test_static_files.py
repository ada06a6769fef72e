"""Scripts import each other by the names that browsers keep for good."""

import re

import pytest
from django.core.management import call_command


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "deskbook.web.static_files.HashedFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_what_a_script_imports_is_named_by_its_hash(collected):
    scripts = [path for path in collected.glob("js/*.js") if path.suffixes[:-1]]
    imports = {
        name for path in scripts for name in re.findall(r'from "\./([^"]+)"', path.read_text())
    }
    assert imports
    assert {name for name in imports if not (collected / "js" / name).exists()} == set()
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in imports)


def test_files_lie_compressed_beforehand_for_every_browser(collected):
    sheet = next(collected.glob("css/console.????????????.css"))
    brotli, gzip = (sheet.with_name(f"{sheet.name}.{kind}").stat().st_size for kind in ("br", "gz"))
    assert brotli < gzip < sheet.stat().st_size
