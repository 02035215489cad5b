"""`python -m smsvet_api`: the command line."""

from .cli.app import main

main()
