"""What was cut off is found, and gone on with."""
