"""Decides which run an audit continues or begins. A run is identified by its inputs, options and content."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from .durable import write_json

PLAN: Final = "plan.json"
MANIFEST: Final = "manifest.json"
LATEST: Final = "latest"
WORK: Final = "_work"
"""Folder of the converted inputs of an unfinished run."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its folder, its id and the date of its verdicts. `finished` if the manifest is written."""

    folder: Path
    id: str
    as_of: date
    finished: bool


def choose_run(
    out: Path, request: Mapping[str, Any], as_of: date | None, today: date, new_run: bool, lang: Lang
) -> Run:
    """Return the unfinished run of this request, else its finished run of the day, else a new one.

    An unfinished run keeps its date, also when it is continued on a later day. Raises InputError if an unfinished run
    has another request; `new_run` removes such a run.
    """
    for folder, plan in unfinished(out):
        if plan["request"] == request:
            return Run(folder, folder.name.removeprefix("run="), date.fromisoformat(plan["as_of"]), False)
    for folder, plan in unfinished(out):
        if not new_run:
            what = "\n".join(_differences(plan["request"], request, lang))
            raise InputError(
                say(
                    lang,
                    f"{folder}：未完成，而这次的输入或选项不同：\n{what}\n用原来的输入和选项继续，或用 --new-run 放弃它",
                    f"{folder}: unfinished, and the input or the options differ now:\n{what}\n"
                    "continue with the original input and options, or discard it with --new-run",
                )
            )
        shutil.rmtree(folder)
    day = as_of or today
    run = run_id(request, day)
    folder = out / f"run={run}"
    if (folder / MANIFEST).exists():
        return Run(folder, run, day, True)
    if folder.exists():
        shutil.rmtree(folder)  # killed before its plan was written
    folder.mkdir()
    write_json(folder / PLAN, {"request": request, "as_of": day.isoformat()})
    return Run(folder, run, day, False)


def run_id(request: Mapping[str, Any], day: date) -> str:
    """Return the id of a run: its date, and a digest of date and request."""
    text = json.dumps([request, day.isoformat()], ensure_ascii=True, sort_keys=True)
    return f"{day.isoformat()}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def unfinished(out: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return the folder and the plan of each run without a manifest."""
    return [(folder, plan) for folder, plan in _runs(out) if not (folder / MANIFEST).exists()]


def _runs(out: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for folder in sorted(out.glob("run=*")):
        try:
            plan = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(plan, dict) and {"request", "as_of"} <= plan.keys():
            yield folder, plan


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Yield what differs between two requests, one line each."""
    before, after = ({one["name"]: one for one in request["inputs"]} for request in (old, new))
    for name in before.keys() | after.keys():
        if name not in after:
            yield say(lang, f"  少了文件 {name}", f"  file {name} is missing")
        elif name not in before:
            yield say(lang, f"  多了文件 {name}", f"  file {name} is new")
        elif before[name] != after[name]:
            yield say(lang, f"  输入已修改：文件 {name}", f"  the input changed since: file {name}")
    for key in sorted((old.keys() | new.keys()) - {"inputs", "options"}):
        if old.get(key) != new.get(key):
            yield f"  {key}: {old.get(key)} -> {new.get(key)}"
    for key in sorted(old["options"].keys() | new["options"].keys()):
        if old["options"].get(key) != new["options"].get(key):
            yield f"  --{key.replace('_', '-')}: {old['options'].get(key)} -> {new['options'].get(key)}"
