"""The type of what people read."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise
else:
    _StrOrPromise = str

Words: TypeAlias = _StrOrPromise
"""What a reader sees, in their language."""
