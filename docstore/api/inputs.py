"""What may be sent, field by field. Unknown fields are refused with a pointer (SEC-7)."""

from typing import Any, TypeVar

from rest_framework import serializers

from docstore.access.models import User
from docstore.access.queries import person
from docstore.cases.models import Classification
from docstore.cases.references import TypedReference, parse

CLASSES = [one.name for one in Classification]


S = TypeVar("S", bound="StrictSerializer")


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that are not its own."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if hasattr(data, "keys") else set()
        if unknown:
            raise serializers.ValidationError(
                {name: ["This field is not known here. Leave it out."] for name in sorted(unknown)},
                code="unknown-field",
            )
        return super().to_internal_value(data)


class ReferenceInput(StrictSerializer):
    kind = serializers.CharField(max_length=20)
    value = serializers.CharField(max_length=120)


class NewCase(StrictSerializer):
    title = serializers.CharField(max_length=200)
    court = serializers.CharField(max_length=12)
    case_type = serializers.CharField(max_length=40)
    references = ReferenceInput(many=True, allow_empty=True)
    classification = serializers.ChoiceField(choices=CLASSES, required=False)

    def typed_references(self) -> list[TypedReference]:
        rows = self.validated_data["references"]
        return [parse(row["kind"], row["value"], pointer=f"/references/{place}") for place, row in enumerate(rows)]

    def chosen_classification(self) -> Classification:
        return Classification[self.validated_data.get("classification", Classification.PRIVATE.name)]


class NewMember(StrictSerializer):
    person = serializers.CharField(max_length=60)
    role = serializers.CharField(max_length=20)
    side = serializers.CharField(max_length=12, required=False)
    from_on = serializers.DateField(required=False)
    to = serializers.DateField(required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["from"] = fields.pop("from_on")  # a Python keyword on the wire
        return fields


class NewExclusion(StrictSerializer):
    person = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=2000)


class NewDocument(StrictSerializer):
    """The fields beside the file; the file itself was hashed while it arrived."""

    file = serializers.FileField(allow_empty_file=True, max_length=1000)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    section = serializers.CharField(max_length=40)
    type = serializers.CharField(max_length=60, required=False, allow_blank=True)
    dated_on = serializers.DateField(required=False)
    received_on = serializers.DateField(required=False)
    classification = serializers.ChoiceField(choices=CLASSES, required=False)
    language = serializers.ChoiceField(choices=["en", "cy"], required=False)
    confirm = serializers.ListField(child=serializers.CharField(max_length=40), required=False)


class NewVersion(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True, max_length=1000)
    reason = serializers.CharField(max_length=2000)
    confirm = serializers.ListField(child=serializers.CharField(max_length=40), required=False)


class Reason(StrictSerializer):
    reason = serializers.CharField(max_length=2000)


class Correction(StrictSerializer):
    text = serializers.CharField(max_length=100_000, allow_blank=True, trim_whitespace=False)
    reason = serializers.CharField(max_length=2000)


class Nothing(StrictSerializer):
    pass


class Reclassification(StrictSerializer):
    classification = serializers.ChoiceField(choices=CLASSES)
    reason = serializers.CharField(max_length=2000)


class Sealing(StrictSerializer):
    reason = serializers.CharField(max_length=2000)
    named = serializers.ListField(child=serializers.CharField(max_length=60), required=False)

    def people(self) -> tuple[User, ...]:
        return tuple(person(name) for name in self.validated_data.get("named", ()))


class Moving(StrictSerializer):
    case = serializers.UUIDField()
    section = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=2000)


class Filters(StrictSerializer):
    case = serializers.UUIDField(required=False)
    reference = serializers.CharField(max_length=120, required=False)
    court = serializers.CharField(max_length=12, required=False)
    section = serializers.CharField(max_length=40, required=False)
    type = serializers.CharField(max_length=60, required=False)
    party = serializers.CharField(max_length=160, required=False)
    dated_from = serializers.DateField(required=False)
    dated_to = serializers.DateField(required=False)
    filed_from = serializers.DateField(required=False)
    filed_to = serializers.DateField(required=False)
    classification = serializers.ChoiceField(choices=CLASSES, required=False)


class Asked(StrictSerializer):
    """What is looked for, and how it is narrowed and put in order."""

    query = serializers.CharField(max_length=1000, allow_blank=True, trim_whitespace=False)
    filters = Filters(required=False)
    sort = serializers.ChoiceField(choices=["relevance", "newest", "oldest"], required=False)


class NewSavedSearch(Asked):
    name = serializers.CharField(max_length=120)
    watched = serializers.BooleanField(required=False)


class Watching(StrictSerializer):
    watched = serializers.BooleanField()


class FindInDocument(StrictSerializer):
    query = serializers.CharField(max_length=1000, trim_whitespace=False)
    version = serializers.IntegerField(min_value=1, required=False)


class SearchInput(StrictSerializer):
    query = serializers.CharField(max_length=1000, allow_blank=True, trim_whitespace=False)
    filters = Filters(required=False)
    facets = serializers.ListField(
        child=serializers.ChoiceField(choices=["case", "court", "section", "type", "party", "year"]), required=False
    )
    sort = serializers.ChoiceField(choices=["relevance", "newest", "oldest"], required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False)
    cursor = serializers.CharField(max_length=3_000, required=False, allow_null=True)


class HeartbeatInput(StrictSerializer):
    agent_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    queue_depth = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, allow_null=True)
    free_bytes = serializers.IntegerField(min_value=0, max_value=2**62, required=False, allow_null=True)
    last_error = serializers.CharField(max_length=500, required=False, allow_blank=True, allow_null=True)


def checked(kind: type[S], data: Any) -> S:
    """Return the input, valid; raise a ValidationError that names every field at fault."""
    given = kind(data=data)
    given.is_valid(raise_exception=True)
    return given
