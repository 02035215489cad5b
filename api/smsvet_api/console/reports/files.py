"""Serves the files of reports: the HTML report inside a sandbox, and downloads."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from ...audit.report.page import REPORT, policy
from ...http.problems import ProblemError
from ...wording import say
from ..preferences import preferences_of
from ..viewer import require_viewer
from .folder import downloads
from .page import READERS, report_of

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of an HTML report that is shown."""
_STYLE: Final = re.compile("<style>(.*?)</style>", re.DOTALL)

router = APIRouter()


@router.get("/reports/{report}/report.html")
async def show_html(request: Request, report: str) -> Response:
    """Return the HTML report for a frame of its page, by the policy of the report: its own style sheet and nothing else."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    files = await asyncio.to_thread(downloads, await report_of(request, report, lang))
    path = files.get(REPORT)
    text = None if path is None else await asyncio.to_thread(_read, path)
    if text is None:
        detail = say(lang, "没有可显示的 HTML 报告", "there is no HTML report to show")
        raise ProblemError("not-found", detail, lang=lang)
    headers = {
        "cache-control": "no-store",
        "content-security-policy": framed_policy(text),
        "x-frame-options": "SAMEORIGIN",
        "cross-origin-opener-policy": "unsafe-none",
    }
    return Response(text.encode("utf-8", "replace"), 200, headers, "text/html; charset=utf-8")


@router.get("/reports/{report}/files/{name:path}")
async def download(request: Request, report: str, name: str) -> Response:
    """Return a file of a report. Only names that the report lists are served."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    path = (await asyncio.to_thread(downloads, await report_of(request, report, lang))).get(name)
    if path is None:
        raise ProblemError(
            "not-found", say(lang, "报告没有这个文件", "the report has no such file"), lang=lang
        )
    return FileResponse(
        path, media_type="application/octet-stream", filename=path.name, headers={"cache-control": "no-store"}
    )


def framed_policy(page: str) -> str:
    """Return the policy for a report in a frame of this site: no script, no form, and the style sheet of its file."""
    style = _STYLE.search(page)
    return f"{policy(style[1] if style else '')}; frame-ancestors 'self'; sandbox"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= LARGEST else None
    except (OSError, ValueError):
        return None
