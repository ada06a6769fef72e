"""By what a chat's visitor proved who they are. Of a chat of before nobody knows, and nothing is guessed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0041_room_for_reasons")]

    operations = [
        migrations.AddField(
            "chatsession",
            "came_as",
            models.CharField(blank=True, default="", max_length=254),
        ),
    ]
