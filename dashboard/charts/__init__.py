"""Charts: a plain table in, an Altair specification with its text alternative out."""
