"""Whoever adds a relation to a document must say what becomes of it when the document is destroyed."""

from django.apps import apps
from django.db.models import Field, Model
from django.db.models.fields.related import RelatedField

from docstore.cases.models import Case
from docstore.documents.models import Document, Version
from docstore.retention.relations import ANSWERS, BLANKED, CASE_ANSWERS, AtDestruction

RECORD = (Document, Version)
# Columns that name a document or a version by id without a foreign key.
BY_ID = ("document", "document_id", "version", "version_id", "subject", "answer")


def columns() -> set[str]:
    """Every column that leads to or from a document: relations of all models, and plain columns that name one."""
    found = set()
    for model in apps.get_app_config("docstore").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, Field) and _leads_to_record(model, field):
                found.add(f"{model.__name__}.{field.name}")
    return found


def _leads_to_record(model: type[Model], field: "Field[object, object]") -> bool:
    if isinstance(field, RelatedField):
        from_record = model is Document and field.many_to_many
        return field.related_model in RECORD or bool(from_record)
    return field.name in BY_ID


def test_every_relation_to_a_document_has_a_retention_answer() -> None:
    assert columns() - set(ANSWERS) == set()


def test_no_answer_is_left_over() -> None:
    assert set(ANSWERS) - columns() == set()


def case_relations() -> set[str]:
    return {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("docstore").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, RelatedField) and field.related_model is Case
    }


def test_every_relation_to_a_case_has_a_retention_answer() -> None:
    assert case_relations() == set(CASE_ANSWERS)


def test_what_is_blanked_stays_as_a_stub() -> None:
    for model in BLANKED:
        answers = {**ANSWERS, **CASE_ANSWERS}.items()
        assert {answer for name, answer in answers if name.startswith(f"{model}.")} == {AtDestruction.STUB}
