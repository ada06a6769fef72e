import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the links of wallboards, and what finds the cases that were solved on a day."""

    dependencies = [
        ("deskbook", "0078_how_each_case_went"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wallboard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("added_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("added_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="deskbook.agent")),
                ("desk", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="wallboards", to="deskbook.helpdesk")),
            ],
        ),
        migrations.AddIndex(
            model_name="course",
            index=models.Index(fields=["desk", "solved_at"], condition=models.Q(("solved_at__isnull", False)), name="courses_by_solving"),
        ),
    ]
