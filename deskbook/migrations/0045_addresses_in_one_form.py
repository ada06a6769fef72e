from django.db import migrations, transaction
from django.db.utils import IntegrityError

from deskbook.engine.addresses import normal_address, normal_domain

_PERHAPS_OTHERWISE = r"[^ -~]|xn--|\.$"


def write_in_one_form(apps, schema_editor):
    """Addresses are looked for in one form, so they are kept in it. Where two rows are one address the one in another
    form stays as it is: which of two people it is, only the desk can tell.
    """
    for name, field in (("ContactIdentity", "identifier"), ("User", "email")):
        rows = apps.get_model("deskbook", name).objects.filter(**{f"{field}__regex": _PERHAPS_OTHERWISE})
        if name == "ContactIdentity":
            rows = rows.filter(channel="email")
        for pk, before in rows.values_list("pk", field).order_by("pk"):
            _write(rows.model, pk, field, before)
    Organisation = apps.get_model("deskbook", "Organisation")
    for pk, domains in Organisation.objects.exclude(domains=[]).values_list("pk", "domains"):
        now = [normal_domain(domain) for domain in domains]
        if now != domains:
            Organisation.objects.filter(pk=pk).update(domains=now)


def _write(model, pk, field, before):
    after = normal_address(before)
    if after == before or len(after) > 254:
        return
    try:
        with transaction.atomic():
            model.objects.filter(pk=pk).update(**{field: after})
    except IntegrityError:
        pass


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0044_job_failure")]

    operations = [migrations.RunPython(write_in_one_form, migrations.RunPython.noop)]
