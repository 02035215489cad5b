"""The command line.

It takes arguments, files and environment variables, and gives verdicts as text or JSON Lines and an exit
status. It does not import `http`, except for the settings that `serve` validates before it starts the
service.
"""
