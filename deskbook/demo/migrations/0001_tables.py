"""The tables of the demo: those of a demo from when it was a part of the desk, with all that is in them, or new ones."""

from django.db import migrations, models

TABLES = {"KeptMail": "deskbook_demomail", "PhoneMessage": "deskbook_demowhatsapp"}
INDEX = "demo_phone_messages"


def take_over_or_make(apps, editor):
    with editor.connection.cursor() as cursor:
        there = editor.connection.introspection.table_names(cursor)
    for model, old in TABLES.items():
        if old not in there:
            editor.create_model(apps.get_model("demo", model))
            continue
        editor.alter_db_table(apps.get_model("demo", model), old, f"demo_{model.lower()}")
        editor.execute(f"alter index if exists demo_whatsapp_by_phone rename to {INDEX}")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("deskbook", "0046_demo_out")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [],
            [
                migrations.CreateModel(
                    "KeptMail",
                    [
                        (
                            "id",
                            models.BigAutoField(
                                primary_key=True,
                                auto_created=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("recipient", models.EmailField(max_length=320)),
                        ("subject", models.CharField(max_length=998)),
                        ("raw", models.BinaryField()),
                        ("kept_at", models.DateTimeField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    "PhoneMessage",
                    [
                        (
                            "id",
                            models.BigAutoField(
                                primary_key=True,
                                auto_created=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("wamid", models.CharField(max_length=255, unique=True)),
                        ("desk", models.CharField(max_length=50)),
                        ("number", models.CharField(max_length=32)),
                        ("from_desk", models.BooleanField(default=False)),
                        ("text", models.TextField(blank=True)),
                        ("form", models.CharField(default="text", max_length=12)),
                        ("data", models.BinaryField(null=True)),
                        ("content_type", models.CharField(blank=True, max_length=255)),
                        ("name", models.CharField(blank=True, max_length=255)),
                        ("media", models.CharField(blank=True, db_index=True, max_length=64)),
                        ("at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                    ],
                    {"indexes": [models.Index(fields=["number", "at"], name=INDEX)]},
                ),
            ],
        ),
        migrations.RunPython(take_over_or_make, migrations.RunPython.noop),
    ]
