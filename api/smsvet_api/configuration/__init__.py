"""The configuration file: where it is found, what it says, and whose Python code may run.

Takes the working directory, environment variables and `smsvet.toml`. Gives absolute paths, a default provider
and a language, each with the file and line it comes from. The engine reads none of this.
"""
