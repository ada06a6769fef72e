"""Below /scim/v2/."""

from django.urls import path

from deskbook.web.scim.views import (
    config,
    nothing,
    resource,
    resource_types,
    resources,
    schemas,
    search,
)

urlpatterns = [
    path("ServiceProviderConfig", config, name="scim-config"),
    path("ResourceTypes", resource_types, name="scim-types"),
    path("ResourceTypes/<str:name>", resource_types, name="scim-type"),
    path("Schemas", schemas, name="scim-schemas"),
    path("Schemas/<str:name>", schemas, name="scim-schema"),
    path("Users", resources, {"kind": "User"}, name="scim-users"),
    path("Users/.search", search, {"kind": "User"}, name="scim-search-users"),
    path("Groups/.search", search, {"kind": "Group"}, name="scim-search-groups"),
    path(".search", search, name="scim-search"),
    path("Users/<str:key>", resource, {"kind": "User"}, name="scim-user"),
    path("Groups", resources, {"kind": "Group"}, name="scim-groups"),
    path("Groups/<str:key>", resource, {"kind": "Group"}, name="scim-group"),
    path("<path:rest>", nothing, name="scim-nothing"),
]
