"""What happened, in our words: sources, contract, conform, checks, snapshots."""
