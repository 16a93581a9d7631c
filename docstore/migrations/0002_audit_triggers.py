"""The database itself refuses to change or delete what the audit holds."""

from django.db import migrations

from docstore.audit.triggers import install


class Migration(migrations.Migration):
    dependencies = [("docstore", "0001_initial")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
