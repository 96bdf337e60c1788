"""Models fitted at build time and stored in the snapshot."""
