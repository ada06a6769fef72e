"""What this server is, and what it understands."""

from functools import reduce
from operator import or_
from typing import Any

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    EnterpriseUser,
    ETag,
    Filter,
    Group,
    Patch,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    User,
)

MOST_SHOWN = 200
"""Resources of one answer."""
CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_SHOWN),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer",
            description="The token of DESKBOOK_SCIM_TOKEN",
        )
    ],
)
#: What directories send beyond the letter of the RFC, Microsoft Entra above all.
LENIENT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
PROVIDER = ScimProvider(
    [User, EnterpriseUser, Group],
    [ResourceType.from_resource(User[EnterpriseUser]), ResourceType.from_resource(Group)],
    CONFIG,
    LENIENT,
)
MODELS: dict[str, type[Resource[Any]]] = {"User": User[EnterpriseUser], "Group": Group}
"""By the kind of a row."""


def of_kinds(message: Any, *kinds: str) -> Any:
    """Returns a message of SCIM for things of these kinds: what it may hold follows from them."""
    return message[reduce(or_, (MODELS[kind] for kind in kinds))]
