"""A mapping made with a person: what a file's columns and codes seem to be, a preview, and the TOML that says so."""
