"""Exports of submissions and decisions, streamed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, Field

from smsvet.model import Lang

from ..store.accounts.users import User
from ..store.exporting import COLUMNS, Export, Period, Row, Windows, begin_export, finish_export
from ..wording import say
from .export_formats import CsvWriter, ParquetWriter, Writer, parquet_is_there
from .identity import caller, storage_of
from .logs import LOGGER
from .parameters import LangQuery
from .problems import FieldError, invalid_fields, user_responses
from .storage import Storage

router = APIRouter(redirect_slashes=False, tags=["export"])

CHECKPOINT = "smsvet-checkpoint"
"""The header with the checkpoint of the trail: `smsvet trail verify` finds a later change of the trail by it."""


class ExportQuery(LangQuery):
    """Selects rows."""

    since: AwareDatetime | None = Field(None, description="received or decided from then on")
    until: AwareDatetime | None = Field(None, description="received or decided before")


@router.get(
    "/v1/export/{table}.{format}",
    operation_id="export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The table. The header `smsvet-checkpoint` has the end of the trail.",
            "content": {"text/csv": {}, "application/vnd.apache.parquet": {}},
        },
        **user_responses(404),
    },
    summary="Export submissions, decisions, or the table for `smsvet learn`",
)
async def export(
    request: Request,
    table: Annotated[Literal["submissions", "decisions", "learning"], Path()],
    format: Annotated[Literal["csv", "parquet"], Path()],  # noqa: A002 - as in the address
    query: Annotated[ExportQuery, Query()],
) -> StreamingResponse:
    """Return all rows that are there now. An export that fails midway ends without the end of the response.

    `learning` has each decided text once, with the last final decision on it. The trail records each export.
    """
    lang = query.lang
    user = await caller(request, lang, "export")
    if format == "parquet" and not parquet_is_there():
        message = say(lang, "需要：pip install 'smsvet[tables]'", "needs: pip install 'smsvet[tables]'")
        raise invalid_fields([FieldError(field="format", message=message)], lang)
    storage = storage_of(request)
    begun = await storage.run(lang, begin_export, table, Period(query.since, query.until))
    windows = Windows(begun)
    first = await storage.run(lang, windows.next)  # a failure here still has a status of its own
    columns = COLUMNS[table]
    writer = CsvWriter(columns) if format == "csv" else ParquetWriter(columns, begun.checkpoint)
    day = storage.store.now().date().isoformat()
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="{table}-{day}.{format}"',
        CHECKPOINT: json.dumps(begun.checkpoint.document()),
    }
    stream = ExportStream(storage, user, begun, windows, writer, format, lang)
    return StreamingResponse(stream.parts(first), headers=headers, media_type=writer.media_type)


class ExportStream:
    """The body of an export. It ends with the event in the trail, whether it was read to its end or not."""

    def __init__(
        self,
        storage: Storage,
        user: User,
        export: Export,
        windows: Windows,
        writer: Writer,
        form: str,
        lang: Lang,
    ) -> None:
        self.storage = storage
        self.user = user
        self.export = export
        self.windows = windows
        self.writer = writer
        self.form = form
        self.lang: Lang = lang

    async def parts(self, rows: list[Row] | None) -> AsyncIterator[bytes]:
        """Yield the parts of the body. The last one follows only once the event is stored."""
        complete = False
        try:
            yield self.writer.begin()
            while rows is not None:
                if part := await asyncio.to_thread(self.writer.write, rows):
                    yield part
                rows = await self.storage.run(self.lang, self.windows.next)
            end = await asyncio.to_thread(self.writer.end)
            complete = True
            await self.storage.run(
                self.lang,
                finish_export,
                self.user,
                self.export,
                self.windows.rows,
                self.form,
                complete=True,
            )
            yield end
        finally:
            if not complete:  # the client left: awaiting would be cancelled too
                self.storage.threads.submit(self._note)

    def _note(self) -> None:
        try:
            finish_export(
                self.storage.store, self.user, self.export, self.windows.rows, self.form, complete=False
            )
        except Exception as error:  # noqa: BLE001 - nobody waits for this thread
            LOGGER.error("export not recorded", exc_info=error)
