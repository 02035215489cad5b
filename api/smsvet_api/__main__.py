"""`python -m smsvet_api`: the command line."""

from .cli import main

main()
