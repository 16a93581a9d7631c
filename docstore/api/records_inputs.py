"""What may be sent about retention, field by field."""

from typing import Any

from rest_framework import serializers

from docstore.api.inputs import StrictSerializer
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.schedules import ClassTold
from docstore.retention.vocabulary import AppliesTo, HoldKind, Level, Source, StubFact

CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class Confirmed(StrictSerializer):
    """What asks twice about an unusual date."""

    confirm = serializers.ListField(child=serializers.CharField(max_length=40), required=False)


class Closing(Confirmed):
    closed_on = serializers.DateField()
    outcome = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=2000)


class NewTrigger(Confirmed):
    type = serializers.CharField(max_length=40)
    event_on = serializers.CharField(max_length=10, help_text="A date; a year or month alone means its last day.")
    source = serializers.ChoiceField(choices=[str(one) for one in Source])  # type: ignore[assignment] # also a keyword of fields
    reason = serializers.CharField(max_length=2000)
    confidence = serializers.IntegerField(min_value=0, max_value=100, required=False)
    provisional_until = serializers.DateField(required=False)
    party = serializers.UUIDField(required=False)
    evidence = serializers.CharField(max_length=200, required=False)
    length = serializers.CharField(max_length=20, required=False)


class Assigning(StrictSerializer):
    class_code = serializers.CharField(max_length=81)
    reason = serializers.CharField(max_length=2000)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["class"] = fields.pop("class_code")  # a Python keyword on the wire
        return fields


class NewClass(StrictSerializer):
    schedule = serializers.RegexField(CODE, max_length=40)
    code = serializers.RegexField(CODE, max_length=40)
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    mandate = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    scope_notes = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    level = serializers.ChoiceField(choices=[str(one) for one in Level])
    sensitive = serializers.BooleanField(required=False)
    regulatory = serializers.BooleanField(required=False)
    instrument = serializers.CharField(max_length=80, required=False, allow_blank=True)
    stub_leaves_out = serializers.ListField(
        child=serializers.ChoiceField(choices=[str(one) for one in StubFact]), max_length=len(StubFact), required=False
    )

    def told(self) -> ClassTold:
        left_out = tuple(StubFact(one) for one in self.validated_data.get("stub_leaves_out", ()))
        return ClassTold(
            **{**self.validated_data, "level": Level(self.validated_data["level"]), "stub_leaves_out": left_out}
        )


class NewClassVersion(StrictSerializer):
    effective_from = serializers.DateField()
    applies_to = serializers.ChoiceField(choices=[str(one) for one in AppliesTo])
    guard_days = serializers.IntegerField(min_value=0, max_value=3660, required=False, allow_null=True)
    steps = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=8)


class HoldTargets(StrictSerializer):
    cases = serializers.ListField(child=serializers.UUIDField(), max_length=1000, required=False)
    documents = serializers.ListField(child=serializers.UUIDField(), max_length=1000, required=False)
    people = serializers.ListField(child=serializers.CharField(max_length=160), max_length=100, required=False)
    classes = serializers.ListField(child=serializers.CharField(max_length=81), max_length=100, required=False)
    query = serializers.JSONField(required=False)
    everything = serializers.BooleanField(required=False)


class NewHold(StrictSerializer):
    kind = serializers.ChoiceField(choices=[str(one) for one in HoldKind])
    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=4000)
    mandate = serializers.CharField(max_length=4000)
    review_on = serializers.DateField()
    starts_on = serializers.DateField(required=False)
    restricted = serializers.BooleanField(required=False)
    targets = HoldTargets()

    def told(self) -> HoldTold:
        given = dict(self.validated_data)
        targets: dict[str, Any] = given.pop("targets")
        named = Targets(
            cases=tuple(targets.get("cases", ())),
            documents=tuple(targets.get("documents", ())),
            people=tuple(targets.get("people", ())),
            classes=tuple(targets.get("classes", ())),
            query=targets.get("query"),
            everything=targets.get("everything", False),
        )
        return HoldTold(**{**given, "kind": HoldKind(given["kind"])}, targets=named)
