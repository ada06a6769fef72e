import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0012_site_visits'),
    ]

    operations = [
        migrations.CreateModel(
            name='CapturedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ChatExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('taken_at', models.DateTimeField()),
                ('order', models.CharField(blank=True, max_length=3)),
                ('messages', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ChatLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('said_at', models.DateTimeField()),
                ('sender', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField()),
                ('file', models.CharField(blank=True, max_length=255)),
                ('mark', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='DemoWhatsApp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wamid', models.CharField(max_length=255, unique=True)),
                ('desk', models.CharField(max_length=50)),
                ('number', models.CharField(max_length=32)),
                ('from_desk', models.BooleanField(default=False)),
                ('text', models.TextField(blank=True)),
                ('form', models.CharField(default='text', max_length=12)),
                ('data', models.BinaryField(null=True)),
                ('content_type', models.CharField(blank=True, max_length=255)),
                ('name', models.CharField(blank=True, max_length=255)),
                ('media', models.CharField(blank=True, db_index=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='WhatsAppAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_number_id', models.CharField(max_length=32, unique=True)),
                ('display_number', models.CharField(max_length=32)),
                ('app_secret', models.TextField()),
                ('token', models.TextField()),
                ('verify_token', models.TextField()),
                ('changed_at', models.DateTimeField()),
                ('heard_at', models.DateTimeField(null=True)),
                ('trouble', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='WhatsAppIncoming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wamid', models.CharField(max_length=255)),
                ('kind', models.CharField(max_length=40)),
                ('group', models.CharField(blank=True, max_length=255)),
                ('at', models.DateTimeField()),
                ('reaction', models.CharField(blank=True, max_length=40)),
                ('read_told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='WhatsAppMedia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('media_id', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(blank=True, max_length=255)),
                ('sha256', models.CharField(blank=True, max_length=88)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('kept', 'Kept'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('reason', models.TextField(blank=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WhatsAppOutgoing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=16)),
                ('part', models.PositiveSmallIntegerField()),
                ('form', models.CharField(choices=[('text', 'Text'), ('template', 'Template'), ('file', 'File')], max_length=8)),
                ('text', models.TextField(blank=True)),
                ('template', models.JSONField(blank=True, default=dict)),
                ('answers', models.CharField(blank=True, max_length=255)),
                ('letter', models.TextField(blank=True)),
                ('language', models.CharField(default='en', max_length=8)),
                ('ask_for_answer', models.BooleanField(default=True)),
                ('wamid', models.CharField(blank=True, max_length=255)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('read', 'Read'), ('failed', 'Failed'), ('refused', 'Refused')], default='queued', max_length=9)),
                ('code', models.PositiveIntegerField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('reaction', models.CharField(blank=True, max_length=40)),
                ('queued_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='WhatsAppPayload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('new', 'New'), ('done', 'Done'), ('held', 'Held'), ('dropped', 'Dropped')], default='new', max_length=8)),
                ('reason', models.TextField(blank=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='WhatsAppStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wamid', models.CharField(max_length=255)),
                ('status', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
                ('code', models.PositiveIntegerField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('correlation', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='WhatsAppWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrote_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('undeliverable_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='capturedline',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.agent'),
        ),
        migrations.AddField(
            model_name='capturedline',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='capturedline',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.ticket'),
        ),
        migrations.AddField(
            model_name='chatexport',
            name='archive',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.blob'),
        ),
        migrations.AddField(
            model_name='chatexport',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.agent'),
        ),
        migrations.AddField(
            model_name='chatexport',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='chatexport',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.blob'),
        ),
        migrations.AddField(
            model_name='chatline',
            name='export',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='deskbook.chatexport'),
        ),
        migrations.AddIndex(
            model_name='demowhatsapp',
            index=models.Index(fields=['number', 'at'], name='demo_whatsapp_by_phone'),
        ),
        migrations.AddField(
            model_name='whatsappaccount',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.agent'),
        ),
        migrations.AddField(
            model_name='whatsappaccount',
            name='desk',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='whatsapp', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='whatsappincoming',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.contact'),
        ),
        migrations.AddField(
            model_name='whatsappincoming',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='whatsappincoming',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.message'),
        ),
        migrations.AddField(
            model_name='whatsappincoming',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.ticket'),
        ),
        migrations.AddField(
            model_name='whatsappmedia',
            name='attachment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.attachment'),
        ),
        migrations.AddField(
            model_name='whatsappmedia',
            name='incoming',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='media', to='deskbook.whatsappincoming'),
        ),
        migrations.AddField(
            model_name='whatsappoutgoing',
            name='attachment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.attachment'),
        ),
        migrations.AddField(
            model_name='whatsappoutgoing',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.contact'),
        ),
        migrations.AddField(
            model_name='whatsappoutgoing',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.logentry'),
        ),
        migrations.AddField(
            model_name='whatsappoutgoing',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.message'),
        ),
        migrations.AddField(
            model_name='whatsappoutgoing',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.ticket'),
        ),
        migrations.AddField(
            model_name='whatsapppayload',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='whatsapppayload',
            name='raw',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.blob'),
        ),
        migrations.AddField(
            model_name='whatsappincoming',
            name='payload',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.whatsapppayload'),
        ),
        migrations.AddField(
            model_name='whatsappstatus',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='whatsappwindow',
            name='contact',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='whatsapp_window', to='deskbook.contact'),
        ),
        migrations.AddConstraint(
            model_name='capturedline',
            constraint=models.UniqueConstraint(fields=('desk', 'mark'), name='chat_line_captured_once'),
        ),
        migrations.AddIndex(
            model_name='chatexport',
            index=models.Index(fields=['desk', '-taken_at'], name='chat_exports_lately'),
        ),
        migrations.AddConstraint(
            model_name='chatline',
            constraint=models.UniqueConstraint(fields=('export', 'number'), name='chat_lines_in_order'),
        ),
        migrations.AddIndex(
            model_name='whatsappoutgoing',
            index=models.Index(condition=models.Q(('wamid', ''), _negated=True), fields=['wamid'], name='whatsapp_out_by_wamid'),
        ),
        migrations.AddIndex(
            model_name='whatsappoutgoing',
            index=models.Index(fields=['ticket'], name='whatsapp_out_of_ticket'),
        ),
        migrations.AddIndex(
            model_name='whatsappoutgoing',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['contact'], name='whatsapp_out_waiting'),
        ),
        migrations.AddConstraint(
            model_name='whatsappoutgoing',
            constraint=models.UniqueConstraint(fields=('entry', 'contact', 'purpose', 'part'), name='whatsapp_outgoing_once'),
        ),
        migrations.AddIndex(
            model_name='whatsapppayload',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['desk', '-received_at'], name='whatsapp_payloads_held'),
        ),
        migrations.AddConstraint(
            model_name='whatsapppayload',
            constraint=models.UniqueConstraint(fields=('desk', 'raw'), name='whatsapp_payload_once'),
        ),
        migrations.AddIndex(
            model_name='whatsappincoming',
            index=models.Index(fields=['ticket', '-at'], name='whatsapp_in_of_ticket'),
        ),
        migrations.AddConstraint(
            model_name='whatsappincoming',
            constraint=models.UniqueConstraint(fields=('desk', 'wamid'), name='whatsapp_incoming_once'),
        ),
        migrations.AddConstraint(
            model_name='whatsappstatus',
            constraint=models.UniqueConstraint(fields=('desk', 'wamid', 'status'), name='whatsapp_status_once'),
        ),
    ]
