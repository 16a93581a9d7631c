"""How forms become HTML: one template for every field, so that labels, hints and errors look and read alike.

Knows widgets and templates; what a form asks for stands beside the view that asks.
"""

from django.forms.renderers import TemplatesSetting


class GovukRenderer(TemplatesSetting):
    """Settings name this as FORM_RENDERER. Fields are drawn by `field.as_field_group`."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
