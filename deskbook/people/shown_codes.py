"""Codes that were seen by others than who they are for: they sign nobody in any more."""

from collections.abc import Collection
from datetime import datetime

from deskbook.people.account_models import CodeAsked, SignInCode
from deskbook.people.accounts import hash_of
from deskbook.people.mailed_codes import GOOD_FOR


def end_shown(typed: Collection[str], *, at: datetime) -> set[str]:
    """Ends what signs somebody in among words that look like codes, and returns those words; those
    too that were ended or used before, while they would be good still.
    """
    if not typed:
        return set()
    by_hash = {hash_of(code): code for code in typed}
    mailed = CodeAsked.objects.filter(code_hash__in=by_hash, asked_at__gt=at - GOOD_FOR)
    first = SignInCode.objects.filter(code_hash__in=by_hash, expires_at__gt=at)
    hashes = (
        *mailed.values_list("code_hash", flat=True),
        *first.values_list("code_hash", flat=True),
    )
    mailed.filter(used_at=None).update(used_at=at)
    first.filter(used_at=None).update(used_at=at)
    return {by_hash[one] for one in hashes}
