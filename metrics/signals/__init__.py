"""Pure statistics: what is worth a cue and what is noise. Nothing here reads a table."""
