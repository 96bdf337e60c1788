"""The audit: who looked at what and changed what, as chains of lines that cannot be altered unseen."""
