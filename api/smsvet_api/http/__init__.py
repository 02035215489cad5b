"""The HTTP service.

Takes requests with submissions as JSON; gives verdicts and rules as JSON, errors as problem documents (RFC 9457), log
lines and Prometheus metrics. It stores nothing, never logs submitted text, and does not import `cli`.
"""
