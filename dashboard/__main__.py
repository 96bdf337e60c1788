"""`python -m dashboard` is the command line, where the `onepicture` script is not on the path."""

from dashboard.cli import main

main()
