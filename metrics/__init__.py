"""What it means, who may know it, and what to do about it."""
