"""Scripts import each other by the names that browsers keep for good."""

import re

from django.core.management import call_command


def test_what_a_script_imports_is_named_by_its_hash(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "deskbook.web.static_files.HashedFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    scripts = [path for path in tmp_path.glob("js/*.js") if path.suffixes[:-1]]
    imports = {
        name for path in scripts for name in re.findall(r'from "\./([^"]+)"', path.read_text())
    }
    assert imports
    assert {name for name in imports if not (tmp_path / "js" / name).exists()} == set()
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in imports)
