"""What disposal answers, for the OpenAPI description."""

from rest_framework import serializers


class Counts(serializers.Serializer[None]):
    documents = serializers.IntegerField()
    pages = serializers.IntegerField()
    bytes = serializers.IntegerField()


class StageDone(serializers.Serializer[None]):
    stage = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class DisposalList(serializers.Serializer[None]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.CharField()
    ground = serializers.CharField()
    court = serializers.CharField(allow_null=True)
    classes = serializers.ListField(child=serializers.CharField())
    snapshot_at = serializers.DateTimeField()
    snapshot_hash = serializers.CharField()
    expires_on = serializers.DateField()
    planned_on = serializers.DateField(allow_null=True)
    sensitive = serializers.BooleanField()
    items = serializers.IntegerField()
    counts = Counts()
    stages = serializers.IntegerField()
    made_by = serializers.CharField()
    approvals = StageDone(many=True)
    cooling_until = serializers.DateTimeField(allow_null=True)


class DisposalLists(serializers.Serializer[None]):
    results = DisposalList(many=True)
    next = serializers.CharField(allow_null=True)


class DisposalItem(serializers.Serializer[None]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    record = serializers.UUIDField()
    reference = serializers.CharField()
    action = serializers.CharField()
    decision = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    state_reason = serializers.CharField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    because = serializers.ListField(child=serializers.CharField())
    counts = Counts()


class DisposalItems(serializers.Serializer[None]):
    results = DisposalItem(many=True)
    next = serializers.CharField(allow_null=True)


class Decided(serializers.Serializer[None]):
    decided = serializers.IntegerField()


class PlannedTarget(serializers.Serializer[None]):
    kind = serializers.CharField()
    locator = serializers.CharField()
    bytes = serializers.IntegerField()


class PlannedRecord(serializers.Serializer[None]):
    record = serializers.UUIDField()
    kind = serializers.CharField()
    targets = PlannedTarget(many=True)
    unlinked = serializers.IntegerField()
    blockers = serializers.ListField(child=serializers.CharField())


class DisposalPlan(serializers.Serializer[None]):
    records = PlannedRecord(many=True)


class SignatureAnswer(serializers.Serializer[None]):
    keyid = serializers.CharField()
    sig = serializers.CharField()


class EnvelopeAnswer(serializers.Serializer[None]):
    """A DSSE envelope; `inclusion` links it to the sealed audit and verifies by itself."""

    payloadType = serializers.CharField()  # noqa: N815 - the standard's own name
    payload = serializers.CharField()
    signatures = SignatureAnswer(many=True)
    inclusion = serializers.DictField(required=False)


class StubAnswer(serializers.Serializer[None]):
    kind = serializers.CharField()
    record = serializers.UUIDField()
    reference = serializers.CharField()
    type = serializers.CharField()
    class_version = serializers.IntegerField()
    authority = serializers.CharField()
    opened_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    destroyed_on = serializers.DateField()
    certificate = serializers.CharField()
    certificate_sha256 = serializers.CharField(allow_null=True)
    transferred_to = serializers.CharField(allow_null=True)
    statement = serializers.CharField()


class Stubs(serializers.Serializer[None]):
    results = StubAnswer(many=True)
