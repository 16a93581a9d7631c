"""What may be sent about disposal lists, field by field."""

from typing import Any

from rest_framework import serializers

from docstore.api.inputs import StrictSerializer
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import OFF_SCHEDULE, Decision


class NewList(StrictSerializer):
    court = serializers.CharField(max_length=12, required=False, allow_blank=True)
    classes = serializers.ListField(child=serializers.CharField(max_length=81), required=False)
    planned_on = serializers.DateField(required=False, allow_null=True)


class Deciding(StrictSerializer):
    items = serializers.ListField(child=serializers.UUIDField(), required=False)
    filter = serializers.DictField(required=False)
    count = serializers.IntegerField(min_value=0, required=False)
    decision = serializers.ChoiceField(choices=[str(one) for one in Decision])
    reason = serializers.CharField(max_length=2000)
    until = serializers.DateField(required=False)
    new_class = serializers.CharField(max_length=81, required=False)

    def said(self) -> Said:
        given: dict[str, Any] = self.validated_data
        return Said(Decision(given["decision"]), given["reason"], given.get("until"), given.get("new_class", ""))


class Approving(StrictSerializer):
    stage = serializers.IntegerField(min_value=1, max_value=5)
    confirm = serializers.CharField(max_length=40)
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class MaybeReason(StrictSerializer):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class OffSchedule(StrictSerializer):
    kind = serializers.ChoiceField(choices=["case", "document"])
    record = serializers.UUIDField()
    ground = serializers.ChoiceField(choices=[str(one) for one in OFF_SCHEDULE])
    reason = serializers.CharField(max_length=2000)
