"""The tree only grows and is never deleted, and on PostgreSQL a payload goes through one function alone."""

from django.db import migrations

from docstore.audit.triggers import install_all


class Migration(migrations.Migration):
    dependencies = [("docstore", "0035_staff_held_back")]

    operations = [migrations.RunPython(install_all, migrations.RunPython.noop)]
