"""What happened; knows nothing of what it describes.

Every act appends an event to a stream in its own transaction (actions.record): a hash chain per stream, bytes as they
were hashed, guarded by triggers. Reading is an act too and has streams of its own. Events name things by id and hold no
names; there are no foreign keys, because events outlive what they describe. Sealed checkpoints are still to come;
`AuditEvent.log_index` is their place.
"""
