"""Receives webhooks of smsvet, verifies them and writes each as a line of JSON: `webhook_receiver.py PORT SECRET`."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 for a message with a right signature, 400 for any other."""

    secret = ""

    def do_POST(self) -> None:
        """Verify one message. A repeat of a message has the same `webhook-id`."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        try:
            message = Webhook(self.secret).verify(body, dict(self.headers.items()))
        except WebhookVerificationError:
            self.send_response(400)
        else:
            sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
            sys.stdout.flush()
            self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the class above it
        """Write no log."""


if __name__ == "__main__":
    port, Receiver.secret = int(sys.argv[1]), sys.argv[2]
    HTTPServer(("127.0.0.1", port), Receiver).serve_forever()
