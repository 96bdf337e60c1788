"""What leaves the app as a file: the same grants, the same words, the same numbers."""
