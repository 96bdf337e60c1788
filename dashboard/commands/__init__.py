"""Commands of the command line by their topic; dashboard/cli.py registers each."""
