"""Years of a desk: every table that grows gets thousands of rows like the one it has.

The n-th row of each belongs to the n-th row of every other, so that a case has its messages and a
page about one case finds few. A table that is added grows, unless it is named in STAYS_SMALL.
"""

import json

from django.apps import apps
from django.db import connection, models

ROWS = 3_000
IDS_FROM = 20_000_000
NUMBERS_FROM = 20_000
"""Beyond those of rows that were made otherwise, and within a smallint."""

STAYS_SMALL = {
    "HelpDesk",
    "BookVersion",
    "Agent",
    "SignInCode",
    "ChatSeat",
    "Kiosk",
    "CounterSeat",
    "Article",
    "ArticleText",
    "ArticleSlug",
    "ArticleImage",
    "ArticleFinding",
    "ArticleCameFrom",
    "Finding",
    "Swap",
    "MailTrouble",
    "MailGrant",
    "QueueChange",  # folded as it grows
    "WhatsAppAccount",
    "SmsGateway",
    "AppSystem",
    "DigitDoor",
    "Webhook",
    "CallSource",
    "JiraLink",
    "ApiToken",
    "ReadyAnswer",
    "SavedSearch",
    "Wallboard",
    "WhatIf",
}
"""Tables with a row or a few for each desk, agent, counter or outside system, and what people write
one by one.
"""

IS_OVER = {
    "Ticket": {"is_open": False, "wake_at": None, "next_due_at": "9999-12-31T00:00:00Z"},
    "InboundMail": {"state": "done"},
    "OutboundMail": {"state": "sent"},
    "TextMessage": {"state": "sent"},
    "IncomingText": {"state": "done"},
    "WhatsAppPayload": {"state": "done"},
    "WhatsAppOutgoing": {"state": "sent"},
    "AppEvent": {"state": "sent"},
    "WebhookCall": {"state": "sent"},
    "JiraAct": {"state": "sent"},
    "JiraEvent": {"state": "done"},
    "CallBack": {"outcome": "reached", "ended_at": "2026-01-01T00:00:00Z"},
    "Call": {"settled_at": "2026-01-01T00:00:00Z"},
    "ChatSession": {"state": "ended"},
    "Token": {"state": "served"},
    "ContactMerge": {"undone_at": "2026-01-01T00:00:00Z"},
    "Gap": {"settled_at": "2026-01-01T00:00:00Z"},
}
"""As most of a desk's rows are by now."""


def grown():
    """Returns the models whose tables grow."""
    kept = apps.get_app_config("deskbook").get_models()
    return [model for model in kept if model.__name__ not in STAYS_SMALL]


def make_many(whole):
    """Fills each table that grows, and lets the planner know."""
    with connection.cursor() as cursor:
        # Rows are copied as they are: no trigger need say what follows from them.
        cursor.execute("set local session_replication_role = replica")
        for model in grown():
            if row := whole.rows.get(model.__name__):
                _multiply(cursor, model, row)
        cursor.execute("set local session_replication_role = origin")
        for model in grown():
            cursor.execute(f"analyze {model._meta.db_table}")


def _multiply(cursor, model, row):
    table, key = model._meta.db_table, model._meta.pk.column
    kept = [one for one in model._meta.concrete_fields if not one.generated]
    columns = ", ".join(f'"{one.column}"' for one in kept)
    copied = ", ".join(f'made."{one.column}"' for one in kept)
    another = ", ".join(
        f"'{one.column}', {value}" for one in kept if (value := _of_the_nth(model, one))
    )
    cursor.execute(
        f"insert into {table} ({columns}) select {copied}"
        f" from generate_series(1, {ROWS}) n, {table} one,"
        f" jsonb_populate_record(null::{table},"
        f" to_jsonb(one) || jsonb_build_object({another}) || %s) made where one.{key} = %s",
        [json.dumps(IS_OVER.get(model.__name__, {})), row.pk],
    )


def _of_the_nth(model, column):
    """Returns SQL of what stands in a column of the n-th row; None where all hold the same."""
    points_at = column.related_model if column.is_relation else None
    if points_at:
        own = column.primary_key or points_at.__name__ not in STAYS_SMALL
        filled = f"one.{column.column} is not null"
        return _word_or_number(column.target_field, filled) if own else None
    if column.name in ("name", "subject"):
        return f"one.{column.column} || ' ' || n"
    if isinstance(column, models.DateTimeField):
        return f"one.{column.column} - n * interval '6 hours'"
    if isinstance(column, models.DateField):
        return f"one.{column.column} - n"
    told_apart = column.primary_key or column.unique or column.name in _in_constraints(model)
    return _word_or_number(column, "true") if told_apart else None


def _word_or_number(column, filled):
    if isinstance(column, models.AutoField):
        return f"case when {filled} then {IDS_FROM} + n end"
    if isinstance(column, models.IntegerField):
        return f"{NUMBERS_FROM} + n"
    if isinstance(column, models.BinaryField):
        return r"'\x' || lpad(to_hex(n), 64, '0')"
    if isinstance(column, models.UUIDField):
        return f"case when {filled} then md5(n::text) end"
    if isinstance(column, models.CharField | models.TextField):
        return f"case when {filled} then 'n' || n end"
    return None


def _in_constraints(model):
    rows = [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    named = {name for one in rows for name in one.fields}
    return named | {"title"} if any(one.expressions for one in rows) else named
