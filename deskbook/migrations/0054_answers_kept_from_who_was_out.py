"""What was answered on another case is kept from who had left that one by then."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0053_a_chat_whose_visitor_left_the_case")]

    operations = [
        migrations.AddField(
            "message",
            "kept_from",
            ArrayField(models.BigIntegerField(), blank=True, default=list, size=None),
        ),
    ]
