"""The HTTP service.

It takes requests with submissions as JSON, and gives verdicts and rules as JSON, errors as problem documents
(RFC 9457), log lines and Prometheus metrics. It does not store or log submitted text, nor import `cli`.
"""
