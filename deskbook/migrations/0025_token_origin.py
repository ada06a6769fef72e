"""From which address a phone took its token: so many wait from one, and no more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0024_mail_of_a_desk")]

    operations = [
        migrations.AddField(model_name="token", name="origin", field=models.CharField(blank=True, max_length=64)),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(
                condition=models.Q(("origin", ""), _negated=True), fields=["origin"], name="tokens_by_origin"
            ),
        ),
    ]
