"""Runs the command line as `python -m smsvet_api`."""

from .cli.app import main

main()
