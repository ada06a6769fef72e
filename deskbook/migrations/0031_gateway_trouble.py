"""Why a gateway takes no texts: said once to leads, shown until it takes one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0030_forwarded_from")]

    operations = [
        migrations.AddField("smsgateway", "trouble", models.CharField(blank=True, default="", max_length=300)),
    ]
