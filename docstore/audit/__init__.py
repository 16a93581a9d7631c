"""What happened; knows nothing of what it describes."""
