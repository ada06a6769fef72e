from django.db import migrations


class Migration(migrations.Migration):
    """Mail left out before anybody looked whether it quotes a mail of ours is not to be read: it may hold a code, or
    what was written to somebody else. Nothing to find it by was kept of it then.
    """

    dependencies = [("deskbook", "0036_mail_kept_back")]

    operations = [
        migrations.RunSQL(
            "update deskbook_inboundmail set may_be_read = false where state = 'ignored' and search is null",
            migrations.RunSQL.noop,
        )
    ]
