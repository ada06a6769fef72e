import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0009_phone"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChatSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chat_seat", to="deskbook.agent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChatSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=64)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("open", "Open"), ("ended", "Ended")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=8)),
                ("zone", models.CharField(blank=True, max_length=64)),
                ("began_at", models.DateTimeField()),
                ("passed_at", models.DateTimeField(null=True)),
                ("queued_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[("visitor", "Visitor"), ("operator", "Operator"), ("gone", "Gone")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                ("got", models.BigIntegerField(default=0)),
                ("visitor_read", models.BigIntegerField(default=0)),
                ("operator_read", models.BigIntegerField(default=0)),
                ("pace_from_at", models.DateTimeField()),
                ("paced", models.PositiveIntegerField(default=0)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chats", to="deskbook.contact"
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chats", to="deskbook.helpdesk"
                    ),
                ),
                (
                    "meant_for",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="deskbook.agent"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="chats",
                        to="deskbook.agent",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chats", to="deskbook.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChatTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
                ("locked_until", models.DateTimeField(null=True)),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.helpdesk"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="chatsession",
            index=models.Index(
                condition=models.Q(("state", "ended"), _negated=True),
                fields=["desk", "queued_at"],
                name="chats_going_on",
            ),
        ),
        migrations.AddIndex(
            model_name="chatsession",
            index=models.Index(
                condition=models.Q(("state", "ended"), _negated=True), fields=["ticket"], name="chat_of_ticket"
            ),
        ),
        migrations.AddIndex(
            model_name="chatsession",
            index=models.Index(fields=["desk", "taken_at"], name="chats_taken"),
        ),
        migrations.AddIndex(
            model_name="chatsession",
            index=models.Index(fields=["seen_at"], name="chats_by_seen"),
        ),
        migrations.AddConstraint(
            model_name="chattry",
            constraint=models.UniqueConstraint(fields=("desk", "key"), name="one_count_of_tries"),
        ),
    ]
