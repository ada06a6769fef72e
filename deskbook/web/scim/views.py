"""The addresses a directory calls, each only with the token of the settings."""

import json
from collections.abc import Callable
from functools import wraps
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    ListResponse,
    NotFoundException,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
    SearchRequest,
    UnauthorizedException,
)
from scim2_models.path.expressions import AttrPath, CompareOperator, Comparison

from deskbook.people.provisioning_models import Provisioned
from deskbook.web.scim.rows import end, keep, resource_of, resources_of, rows_named, rows_of
from deskbook.web.scim.said import CONFIG, MODELS, MOST_SHOWN, PROVIDER, of_kinds

TYPE = "application/scim+json"
NAMES = {"username": "User", "displayname": "Group"}
"""Which kind has this for its name."""
View = Callable[..., HttpResponse]


def for_the_directory(*methods: str) -> Callable[[View], View]:
    """Lets in who shows the token, by these methods; what goes wrong is said as SCIM says it."""

    def walled(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def entered(request: HttpRequest, **parts: Any) -> HttpResponse:
            if not settings.DESKBOOK_SCIM_TOKEN:
                raise Http404("no directory")
            try:
                with PROVIDER:
                    _refuse_strangers(request)
                    return _answered(view, methods, request, parts)
            except ValidationError as wrong:
                return _told(Error.from_validation_errors(wrong)[0])
            except SCIMException as refused:
                return _told(refused.to_error())

        return entered

    return walled


@for_the_directory("GET")
def config(request: HttpRequest) -> HttpResponse:
    """What this server can do (RFC 7643, 5)."""
    return _shown(CONFIG, Context.RESOURCE_QUERY_RESPONSE)


@for_the_directory("GET")
def resource_types(request: HttpRequest, name: str = "") -> HttpResponse:
    """Which things there are: people and groups (RFC 7643, 6)."""
    return _of_all(ResourceType, list(PROVIDER.resource_types), name)


@for_the_directory("GET")
def schemas(request: HttpRequest, name: str = "") -> HttpResponse:
    """What is known of them (RFC 7643, 7)."""
    return _of_all(Schema, list(PROVIDER.schemas), name)


@for_the_directory("GET", "POST")
@transaction.atomic
def resources(request: HttpRequest, kind: str) -> HttpResponse:
    """People or groups, found or made."""
    model = MODELS[kind]
    if request.method == "GET":
        return _found((kind,), request.GET.dict())
    said = model.model_validate(_body(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    row = keep(kind, said, None, at=timezone.now())
    answer = _shown(resource_of(row), Context.RESOURCE_CREATION_RESPONSE, status=201)
    answer.headers["Location"] = f"{settings.DESKBOOK_SITE_URL}{request.path}/{row.pk}"
    return answer


@for_the_directory("POST")
def search(request: HttpRequest, kind: str = "") -> HttpResponse:
    """The same search with its questions in the body: nobody's name stands in an address."""
    return _found((kind,) if kind else tuple(MODELS), _body(request))


@for_the_directory("GET", "PUT", "PATCH", "DELETE")
@transaction.atomic
def resource(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One of them: read, replaced, changed in part, ended."""
    row = _row(kind, key, held=request.method != "GET")
    if request.method == "DELETE":
        end(row, at=timezone.now())
        return HttpResponse(status=204)
    if request.method == "GET":
        asked = of_kinds(ResponseParameters, kind).model_validate(request.GET.dict())
        return _shown(resource_of(row), Context.RESOURCE_QUERY_RESPONSE, asked)
    said, how = _changed(request, kind, resource_of(row))
    return _shown(resource_of(keep(kind, said, row, at=timezone.now())), how)


@for_the_directory()
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """What is asked for is not there."""
    raise NotFoundException()


def _changed(
    request: HttpRequest, kind: str, before: Resource[Any]
) -> tuple[Resource[Any], Context]:
    body = _body(request)
    if request.method == "PATCH":
        how = Context.RESOURCE_PATCH_REQUEST
        asked = of_kinds(PatchOp, kind).model_validate(body, scim_ctx=how)
        asked.patch(before)
        return before, Context.RESOURCE_PATCH_RESPONSE
    said = MODELS[kind].model_validate(body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    said.replace(before)
    return said, Context.RESOURCE_REPLACEMENT_RESPONSE


def _found(kinds: tuple[str, ...], said: dict[str, Any]) -> HttpResponse:
    asked = of_kinds(SearchRequest, *kinds).model_validate(said, scim_ctx=Context.SEARCH_REQUEST)
    begin = max(asked.start_index or 1, 1) - 1
    end = begin + (MOST_SHOWN if asked.count is None else min(asked.count, MOST_SHOWN))
    rows = rows_of(*kinds)
    if asked.filter is None:
        total = rows.count()
        page = resources_of(rows[min(begin, total) : min(end, total)])
    else:
        fit = [one for one in resources_of(_named(rows, kinds, asked)) if asked.filter.match(one)]
        total, page = len(fit), fit[begin:end]
    answer = of_kinds(ListResponse, *kinds)(
        total_results=total, start_index=begin + 1, items_per_page=len(page), resources=page
    )
    return _shown(answer, Context.RESOURCE_QUERY_RESPONSE, asked)


def _named(
    rows: QuerySet[Provisioned], kinds: tuple[str, ...], asked: SearchRequest[Any]
) -> QuerySet[Provisioned]:
    """What a directory asks before each change, whether one of a name is here, is looked up."""
    match asked.filter.ast if asked.filter else None:
        case Comparison(AttrPath(attr, None, None), CompareOperator.eq, str(name)) if kinds == (
            NAMES.get(attr.lower()),
        ):
            return rows_named(rows, name)
    return rows


def _of_all(model: type[Any], found: list[Any], name: str) -> HttpResponse:
    if not name:
        listed = ListResponse[model](  # type: ignore[valid-type]
            total_results=len(found),
            start_index=1,
            items_per_page=len(found),
            resources=found,
        )
        return _shown(listed, Context.RESOURCE_QUERY_RESPONSE)
    one = next((one for one in found if name in (str(one.id), getattr(one, "name", ""))), None)
    if one is None:
        raise NotFoundException(detail=f"There is no {name[:80]}")
    return _shown(one, Context.RESOURCE_QUERY_RESPONSE)


def _row(kind: str, key: str, *, held: bool) -> Provisioned:
    try:
        wanted = UUID(key)
    except ValueError:
        raise NotFoundException(detail=f"There is no {kind} {key[:80]}") from None
    rows = rows_of(kind).select_for_update(of=("self",)) if held else rows_of(kind)
    found = rows.filter(pk=wanted).first()
    if found is None:
        raise NotFoundException(detail=f"There is no {kind} {key[:80]}")
    return found


def _refuse_strangers(request: HttpRequest) -> None:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    token: str = settings.DESKBOOK_SCIM_TOKEN
    right = compare_digest(shown.strip().encode("utf-8", "replace"), token.encode())
    if scheme.lower() != "bearer" or not right:
        raise UnauthorizedException(detail="The token of DESKBOOK_SCIM_TOKEN is wanted")


def _answered(
    view: View, methods: tuple[str, ...], request: HttpRequest, parts: dict[str, Any]
) -> HttpResponse:
    if methods and request.method not in methods:
        answer = _told(Error(status=405, detail=f"{request.method} is not for this"))
        answer.headers["Allow"] = ", ".join(methods)
        return answer
    return view(request, **parts)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError:
        raise InvalidSyntaxException(detail="This is no JSON") from None
    if not isinstance(found, dict):
        raise InvalidSyntaxException(detail="This is no object")
    return found


def _shown(
    what: Any, how: Context, asked: ResponseParameters[Any] | None = None, *, status: int = 200
) -> HttpResponse:
    body = what.model_dump(scim_ctx=how, response_parameters=asked)
    return JsonResponse(body, status=status, content_type=TYPE)


def _told(error: Error) -> HttpResponse:
    return JsonResponse(error.model_dump(), status=error.status or 400, content_type=TYPE)
