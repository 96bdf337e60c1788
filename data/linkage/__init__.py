"""Who is who where no id says so: how likely two records are one person, and what a data steward decided."""
