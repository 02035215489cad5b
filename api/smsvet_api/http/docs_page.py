"""The page `/docs`: Swagger UI, whose files come from the package fastapi-offline and never from another host."""

from __future__ import annotations

import base64
import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from ..wording import say
from .problems import ProblemError, lang_of

ASSETS: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
"""The files of the page -> their media types."""
_DAY: Final = 86_400

# Swagger UI would ask swagger.io whether the document is valid, and show its answer, without `validatorUrl: null`.
_START: Final = """
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""
_PAGE: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · smsvet</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="swagger-ui"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script>{_START}</script>
</body>
</html>
"""


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


SECURITY: Final = (
    f"default-src 'none'; script-src 'self' 'sha256-{_digest(_START)}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of this page only: its own script, its own host, and the inline styles of Swagger UI."""


def add_docs(app: FastAPI) -> None:
    """Add the page and its files to an application. Without the package, the page is a problem document with the command to install it."""
    folder = _folder()

    async def docs(request: Request) -> Response:
        if folder is None:
            raise _not_installed(request)
        return HTMLResponse(_PAGE, headers={"content-security-policy": SECURITY})

    async def asset(request: Request, name: str) -> Response:
        if folder is None or name not in ASSETS:
            raise _not_installed(request)
        headers = {"cache-control": f"public, max-age={_DAY}"}
        return FileResponse(folder / name, media_type=ASSETS[name], headers=headers)

    app.add_api_route("/docs", docs, include_in_schema=False)
    app.add_api_route("/docs/{name}", asset, include_in_schema=False)


def _folder() -> Path | None:
    """Return the folder of the files, None if the package is not installed."""
    spec = find_spec("fastapi_offline")
    return Path(spec.origin).parent / "static" if spec is not None and spec.origin else None


def _not_installed(request: Request) -> ProblemError:
    lang = lang_of(request)
    detail = say(
        lang,
        "此页需要 pip install 'smsvet[service]'；接口描述见 /openapi.json",
        "This page needs pip install 'smsvet[service]'; /openapi.json describes the API",
    )
    return ProblemError("not-found", detail, lang=lang)
