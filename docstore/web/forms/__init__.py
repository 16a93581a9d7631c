"""What pages ask people for, and how the questions are drawn."""
