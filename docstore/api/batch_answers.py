"""The shapes of what stations send and are answered, for OpenAPI. `batch_shapes` makes the answers."""

from rest_framework import serializers

from docstore.api.answers import Shape
from docstore.intake.models import BatchState, ItemState


class LimitsShape(Shape):
    item_bytes = serializers.IntegerField()
    pdf_bytes = serializers.IntegerField()
    pages = serializers.IntegerField()
    pixels = serializers.IntegerField()
    batch_items = serializers.IntegerField()
    batch_age_seconds = serializers.IntegerField()
    upload_age_seconds = serializers.IntegerField()
    parallel_uploads = serializers.IntegerField()
    bytes_a_day = serializers.IntegerField()
    requests_a_minute = serializers.IntegerField()


class KeyShape(Shape):
    id = serializers.CharField()
    expires_at = serializers.DateTimeField()
    scopes = serializers.ListField(child=serializers.CharField())
    case_types = serializers.ListField(child=serializers.CharField())
    jurisdictions = serializers.ListField(child=serializers.CharField())


class StationShape(Shape):
    station = serializers.UUIDField()
    name = serializers.CharField()
    site = serializers.CharField()
    server_time = serializers.DateTimeField()
    policy_version = serializers.CharField()
    limits = LimitsShape()
    accepted_types = serializers.ListField(child=serializers.CharField())
    key = KeyShape(allow_null=True)
    clock_skew_seconds = serializers.IntegerField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())


class ItemShape(Shape):
    seq = serializers.IntegerField()
    control_number = serializers.CharField()
    state = serializers.ChoiceField(choices=[str(one) for one in ItemState])
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    pages = serializers.IntegerField(allow_null=True)
    document = serializers.UUIDField(allow_null=True)
    documents = serializers.ListField(child=serializers.UUIDField())
    received_at = serializers.DateTimeField(allow_null=True)


class BatchShape(Shape):
    id = serializers.UUIDField()
    external_id = serializers.CharField()
    station = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[str(one) for one in BatchState])
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField()
    rescan_for = serializers.CharField(allow_null=True)
    items = ItemShape(many=True)
    expected = serializers.IntegerField()
    received = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    needs_attention = serializers.IntegerField()


class SignatureShape(Shape):
    keyid = serializers.CharField()
    sig = serializers.CharField()


class EnvelopeShape(Shape):
    payloadType = serializers.CharField()  # noqa: N815 - the standard's own name
    payload = serializers.CharField()
    signatures = SignatureShape(many=True)


class EventShape(Shape):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    event = serializers.CharField()
    batch = serializers.UUIDField(allow_null=True)
    item = serializers.IntegerField(required=False)
    detail = serializers.CharField(required=False)


class EventPage(Shape):
    results = EventShape(many=True)
    next = serializers.CharField()


class StatementShape(Shape):
    id = serializers.UUIDField()
    day = serializers.DateField()
    late = serializers.BooleanField()
    received_at = serializers.DateTimeField()


class DifferenceShape(Shape):
    batch = serializers.CharField()
    kind = serializers.CharField()
    stated = serializers.ListField(child=serializers.CharField())
    found = serializers.ListField(child=serializers.CharField())


class ReconciliationShape(Shape):
    day = serializers.DateField()
    made_at = serializers.DateTimeField()
    differences = DifferenceShape(many=True)
