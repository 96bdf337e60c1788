"""Says it to a person."""
