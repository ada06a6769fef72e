"""Templates of pages as code, kept for whatever process of the tests shows them next: making it of
all of them takes seconds a language, in each worker and in each web server it starts.
"""

from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

import deskbook
from deskbook.web import jinja

PRODUCT = Path(deskbook.__file__).parent


def environment(**options):
    """Return the product's environment, which makes code of a template only if nobody has."""
    return jinja.environment(bytecode_cache=_Kept(), **options)


class _Kept(FileSystemBytecodeCache):
    def __init__(self):
        folder = Path(settings.DESKBOOK_DATA) / f"templates-{made_by(PRODUCT)}"
        folder.mkdir(exist_ok=True)
        super().__init__(str(folder))

    def get_bucket(self, environment, name, filename, source):
        """As Jinja's own, for a name in one language: what a template says is constant in its
        code.
        """
        key = self.get_cache_key(f"{environment.language}:{name}", filename)
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket


def made_by(product):
    """Return a name for what makes code of templates, beside their sources: our words and our
    compiler, Jinja and Django.
    """
    seen = blake2b(digest_size=8)
    for package in ("jinja2", "django"):
        seen.update(version(package).encode())
    code = ("compiled", "refresh", "jinja")
    words = sorted(product.glob("locale/*/LC_MESSAGES/django.mo"))
    for file in [*(product / f"web/{name}.py" for name in code), *words]:
        seen.update(file.read_bytes())
    return seen.hexdigest()
