"""The HTTP service.

It takes submissions as JSON and returns verdicts and rules as JSON, and errors as problem documents
(RFC 9457). It writes log lines and Prometheus metrics. It does not store or log submitted text, and does not
import `cli`.
"""
