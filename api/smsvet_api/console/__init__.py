"""The console: pages for people, rendered on the server. It needs the extra `service`.

It adds pages to the application of `http` and calls the same functions as the routes. Every action is a form that works
without script.
"""
