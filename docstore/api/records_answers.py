"""The shapes of answers about retention, for OpenAPI."""

from rest_framework import serializers

from docstore.api.answers import Shape
from docstore.cases.lifecycle import Lifecycle
from docstore.retention.vocabulary import Outcome


class ClassNamed(Shape):
    schedule = serializers.CharField()
    code = serializers.CharField()
    version = serializers.IntegerField()


class HoldNamed(Shape):
    id = serializers.UUIDField()
    title = serializers.CharField(required=False)


class Retention(Shape):
    class_shape = ClassNamed(allow_null=True)
    outcome = serializers.ChoiceField(choices=[str(one) for one in Outcome])
    due_on = serializers.DateField(allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    because = serializers.ListField(child=serializers.CharField())
    holds = HoldNamed(many=True)
    next_action = serializers.CharField()
    lifecycle = serializers.ChoiceField(choices=[str(one) for one in Lifecycle])

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg] # not subscriptable at run time
        fields = super().get_fields()
        fields["class"] = fields.pop("class_shape")  # a Python keyword on the wire
        return fields


class Trigger(Shape):
    id = serializers.IntegerField()
    type = serializers.CharField()
    event_on = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment] # the wire's word is also an attribute there
    confidence = serializers.IntegerField()
    provisional_until = serializers.DateField(allow_null=True)
    party = serializers.UUIDField(allow_null=True)
    length = serializers.CharField()
    reason = serializers.CharField()
    evidence = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()
    void = serializers.BooleanField()


class Triggers(Shape):
    results = Trigger(many=True)


class ClassVersion(Shape):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    status = serializers.CharField()
    effective_from = serializers.DateField()
    applies_to = serializers.CharField()
    guard_until = serializers.DateField(allow_null=True)
    content_sha256 = serializers.CharField()
    steps = serializers.ListField(child=serializers.DictField())


class DisposalClass(Shape):
    id = serializers.IntegerField()
    schedule = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    level = serializers.CharField()
    versions = ClassVersion(many=True)


class Schedule(Shape):
    code = serializers.CharField()
    title = serializers.CharField()
    content_sha256 = serializers.CharField()
    classes = DisposalClass(many=True)


class Schedules(Shape):
    results = Schedule(many=True)


class ScheduleImported(Shape):
    schedule = serializers.CharField()
    content_sha256 = serializers.CharField()
    classes = serializers.IntegerField()
    versions = serializers.IntegerField()
    descriptive = serializers.IntegerField()
    holds = serializers.ListField(child=serializers.CharField())


class Moved(Shape):
    kind = serializers.CharField()
    record = serializers.UUIDField()
    effect = serializers.CharField()
    before = serializers.DateField(allow_null=True)
    after = serializers.DateField(allow_null=True)


class Preview(Shape):
    total = serializers.IntegerField()
    earlier = serializers.IntegerField()
    later = serializers.IntegerField()
    unknown = serializers.IntegerField()
    permanent = serializers.IntegerField()
    becomes_due = serializers.IntegerField()
    list = Moved(many=True)


class Hold(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    mandate = serializers.CharField()
    restricted = serializers.BooleanField()
    placed_at = serializers.DateTimeField()
    placed_by = serializers.CharField()
    starts_on = serializers.DateField()
    review_on = serializers.DateField()
    members = serializers.IntegerField()
    release_asked_by = serializers.CharField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)
    release_reason = serializers.CharField(allow_null=True)
    guard_until = serializers.DateField(allow_null=True)
    in_destruction = serializers.ListField(child=serializers.UUIDField(), required=False)


class Holds(Shape):
    results = Hold(many=True)
