"""The pages of reports: the list of the folder, drill-down to rows, the HTML in a sandbox, downloads and cases."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..required import missing
from .pages import HOSTILE, Browser, Markup
from .signed_in import Console
from .signed_in import console as console_on
from .test_words import HAN

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

    from smsvet_api.store.accounts.roles import Role

OTHERS: tuple[Role, ...] = ("submitter", "reviewer", "admin")
ROWS, OLD_FLAGGED, NEW_FLAGGED = 240, 60, 15
MOVED = 12
"""Rows that only the new run flags: eight odd ones are rejected, four even ones need a review."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of two runs, with its report."""
    for package in ("pyarrow", "numpy", "jinja2"):
        if find_spec(package) is None:
            missing(f"{package} is not installed")
    return write_comparison(tmp_path_factory.mktemp("reports") / "2026-11")


def write_comparison(folder: Path) -> Path:
    from smsvet_api.audit.comparison.comparison import Choices, Sources, compare
    from smsvet_api.audit.comparison.stored_run import StoredRun
    from smsvet_api.audit.report.page import write_report

    from ..audit.stored import write_run

    old = write_run(folder / "run=old", ROWS, OLD_FLAGGED)
    new = write_run(folder / "run=new", ROWS, NEW_FLAGGED)
    runs = [StoredRun(one, {}, "zh") for one in (old, new)]
    found = compare(Sources(runs[1], "run:new", runs[0], "run:old"), folder, Choices())
    write_report(found, "zh")
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "reports" / "2026-11")).parent


@pytest.fixture
def reports(app: FastAPI, folder: Path, tmp_path: Path) -> Iterator[Console]:
    with console_on(app, tmp_path, reports=folder) as made:
        yield made


def link(browser: Browser, kind: str = "对比") -> str:
    """Return the address of the first report of a kind."""
    rows = browser.get("/reports").text.split("<tr>")
    row = next(row for row in rows if f">{kind}<" in row)
    return str(re.findall(r'href="(/reports/[0-9a-f]+)"', row)[0])


def opened(browser: Browser, report: str, **form: str) -> httpx.Response:
    token = browser.token(browser.get(f"{report}/rows").text)
    return browser.post(f"{report}/cases", {"csrf": token} | form)


def test_reports_lie_in_the_folder_and_its_folders(reports: Console) -> None:
    lead = reports.browser("lead")
    page = lead.get("/reports").text
    assert page.count("2026-11/run=") == 2
    assert page.count("2026-11/comparison=") == 1
    overview = lead.get(link(lead)).text
    assert "run:old → run:new" in "".join(Markup(overview).text)
    assert f">{MOVED}<" in overview
    assert "content/loan" in overview
    audit = lead.get(link(lead, "审计")).text
    assert "按 2026-11-20 的规则审计" in audit


def test_without_a_folder_the_page_says_which_variable_is_missing(console: Console) -> None:
    lead = console.browser("lead")
    assert "SMSVET_REPORTS" in lead.get("/reports").text
    assert lead.get("/reports/0123456789abcdef").status_code == 404


def test_moved_rows_are_read_by_pages_of_one_rule_and_one_move(reports: Console) -> None:
    lead = reports.browser("lead")
    report = link(lead)
    first = lead.get(f"{report}/rows?rule=content/loan").text
    assert f"{MOVED} 行" in first
    rows = re.findall(r"a\.parquet</bdi>:([0-9]+)", first)
    assert len(rows) == MOVED
    stricter = lead.get(f"{report}/rows?old=approve&new=reject").text
    milder = lead.get(f"{report}/rows?old=reject&new=approve").text
    assert "没有符合筛选的行" in milder
    assert len(re.findall(r"a\.parquet</bdi>", stricter)) == 8
    assert "没有符合筛选的行" in lead.get(f"{report}/rows?rule=no/such").text
    assert lead.get(f"{report}/rows?old=nonsense&after=-1").status_code == 200


def test_the_report_is_framed_without_scripts_by_its_own_policy(reports: Console) -> None:
    lead = reports.browser("lead")
    report = link(lead)
    page = lead.get(f"{report}?view=html")
    frame = next(attributes for tag, attributes in Markup(page.text).tags if tag == "iframe")
    assert (frame["src"], frame["sandbox"]) == (f"{report}/report.html", None)
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    shown = lead.get(f"{report}/report.html")
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("frame-ancestors 'self'; sandbox")
    assert html.unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', shown.text)[0]) in policy
    assert "frame-src" not in lead.get(report).headers["content-security-policy"]


def test_only_the_files_of_a_report_are_served(reports: Console, folder: Path) -> None:
    lead = reports.browser("lead")
    report = link(lead)
    secret = folder.parent / "secret.txt"
    secret.write_text("hush", encoding="utf-8")
    comparison = next(folder.glob("*/comparison=*"))
    for name in ("comparison.json", "moved.parquet", "report.html"):
        answer = lead.get(f"{report}/files/{name}")
        assert answer.content == (comparison / name).read_bytes()
        assert answer.headers["content-disposition"].startswith("attachment")
    audit = link(lead, "审计")
    assert lead.get(f"{audit}/files/verdicts/shard-00000.parquet").status_code == 200
    for name in ("../../../secret.txt", "..%2f..%2f..%2fsecret.txt", "/etc/passwd", "secret.txt", "."):
        assert lead.get(f"{report}/files/{name}").status_code == 404
    (comparison / "report.html").unlink()
    (comparison / "report.html").symlink_to(secret)
    assert lead.get(f"{report}/report.html").status_code == 404
    assert lead.get(f"{report}/files/report.html").status_code == 404


def test_a_manifest_cannot_name_files_elsewhere(reports: Console, folder: Path) -> None:
    run = next(folder.glob("*/run=new"))
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    names = ["../../../secret.txt", "/etc/passwd"]
    manifest["files"] += [{"name": name, "rows": 1, "bytes": 1, "sha256": ""} for name in names]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder.parent / "secret.txt").write_text("hush", encoding="utf-8")
    lead = reports.browser("lead")
    page = lead.get(link(lead, "审计")).text
    assert "secret.txt" not in page
    assert "passwd" not in page


def test_links_out_of_the_folder_are_not_followed(reports: Console, folder: Path, written: Path) -> None:
    (folder / "comparison=0000aaaa").symlink_to(next(written.glob("comparison=*")))
    (folder / "elsewhere").symlink_to(written)
    page = reports.browser("lead").get("/reports").text
    assert "0000aaaa" not in page
    assert "elsewhere" not in page


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"old": 3}', '{"old": {"label": "a"}}', "[" * 100_000, "\x00\udcff"]
)
def test_damaged_reports_are_named_and_harm_no_other(reports: Console, folder: Path, content: str) -> None:
    broken = folder / "broken" / "comparison=0011"
    broken.mkdir(parents=True)
    (broken / "comparison.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    (folder / "broken" / "run=2026-01-01-aa").mkdir()
    (folder / "broken" / "run=2026-01-02-bb").mkdir()
    (folder / "broken" / "run=2026-01-02-bb" / "manifest.json").write_text('{"files": []}', encoding="utf-8")
    lead = reports.browser("lead")
    page = lead.get("/reports").text
    assert page.count("已损坏的报告") == 2
    assert page.count("未完成") == 1
    assert "run:old" in page
    for address in re.findall(r'href="(/reports/[0-9a-f]+)">(?:已损坏|未完成)', page):
        assert lead.get(address).status_code == 200
        assert lead.get(f"{address}/rows").status_code == 200
        assert lead.get(f"{address}/report.html").status_code == 404


def test_a_damaged_table_is_named(reports: Console, folder: Path) -> None:
    moved = next(folder.glob("*/comparison=*")) / "moved.parquet"
    moved.write_bytes(moved.read_bytes()[:200])
    lead = reports.browser("lead")
    report = link(lead)
    page = lead.get(f"{report}/rows")
    assert page.status_code == 200
    assert "moved.parquet: " in page.text
    assert "moved.parquet: " in opened(lead, report).text


def test_moved_rows_are_opened_as_cases_once(reports: Console) -> None:
    from smsvet_api.store.cases.view import view_case

    lead = reports.browser("lead", "zhao")
    report = link(lead)
    assert f"将新开 {MOVED} 件案件" in lead.get(f"{report}/rows").text
    some = opened(lead, report, old="approve", new="manual_review")
    number = 4
    page = lead.get(some.headers["location"]).text
    assert f"已新开 {number} 件案件" in page
    assert page.count("✓ 已开案件") == number
    assert f"{number} 行已开过" in lead.get(f"{report}/rows").text
    qian = reports.browser("lead", "qian")
    rest = opened(qian, report)
    assert f"已新开 {MOVED - number} 件案件" in qian.get(rest.headers["location"]).text
    assert "已新开 0 件案件" in lead.get(opened(lead, report).headers["location"]).text
    import sqlalchemy as sa

    from smsvet_api.store.accounts.users import find_user, user_of
    from smsvet_api.store.cases.tables import cases

    with reports.store.database.reading() as connection:
        found = connection.execute(sa.select(cases)).all()
    assert len(found) == MOVED
    assert {row.origin for row in found} == {"report"}
    assert {row.kind for row in found} == {"template"}
    assert {row.provider for row in found} == {"tencent"}
    assert all(row.cluster for row in found)
    from smsvet_api.store.accounts.tables import users

    with reports.store.database.reading() as connection:
        zhao = user_of(connection.execute(users.select().where(users.c.name == "zhao")).one())
    view = view_case(reports.store, zhao, found[0].id)
    assert view.verdict is not None
    assert view.verdict["revision"] == reports.app.state.service.reviewer.revision
    assert find_user(reports.store, "smsvet-reports").disabled_at is not None


def test_rows_of_an_audit_that_is_gone_are_not_opened(reports: Console, folder: Path) -> None:
    shutil.rmtree(next(folder.glob("*/run=new")))
    lead = reports.browser("lead")
    report = link(lead)
    page = lead.get(f"{report}/rows").text
    assert "审计 run=new 不在对比旁边" in page
    assert "disabled" in page
    assert "审计 run=new 不在对比旁边" in opened(lead, report).text


def test_hostile_texts_of_an_archive_are_shown_as_text(reports: Console, folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    comparison = next(folder.glob("*/comparison=*"))
    table = pq.ParquetFile(comparison / "moved.parquet").read()
    texts = [HOSTILE[place % len(HOSTILE)] for place in range(table.num_rows)]
    for name in ("text", "account", "id"):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, pa.array(texts, pa.string()))
    pq.write_table(table, comparison / "moved.parquet")
    summary = json.loads((comparison / "comparison.json").read_text(encoding="utf-8"))
    summary["old"]["label"] = HOSTILE[0]
    summary["rules"][HOSTILE[1]] = summary["rules"].pop("content/loan")
    (comparison / "comparison.json").write_text(json.dumps(summary), encoding="utf-8")
    lead = reports.browser("lead")
    report = link(lead)
    for path in (report, f"{report}/rows", "/reports"):
        page = lead.get(path).text
        markup = Markup(page)
        assert [tag for tag, _ in markup.tags if tag == "img"] == []
        assert sum(tag == "script" for tag, _ in markup.tags) == 1
        assert not any(name.startswith("on") for _, attributes in markup.tags for name in attributes)
        assert "\u202e" not in page
        assert "\x00" not in page
        assert HOSTILE[0] in "".join(markup.text)


def test_who_reads_and_who_opens(reports: Console) -> None:
    report = link(reports.browser("lead"))
    for role in OTHERS:
        browser = reports.browser(role)
        paths = (
            "/reports",
            report,
            f"{report}/rows",
            f"{report}/report.html",
            f"{report}/files/comparison.json",
        )
        assert {browser.get(path).status_code for path in paths} == {403}
    for role in ("rule_manager", "auditor"):
        browser = reports.browser(role)
        page = browser.get(f"{report}/rows").text
        assert "开为案件" not in page
        token = browser.token(browser.get("/try").text)
        assert browser.post(f"{report}/cases", {"csrf": token}).status_code == 403


def test_the_pages_keep_to_one_language(reports: Console) -> None:
    lead = reports.browser("lead")
    report, audit = link(lead), link(lead, "审计")
    lead.cookies["smsvet_lang"] = "en"
    for path in ("/reports", report, f"{report}/rows", audit, f"{report}?view=html"):
        assert [part for part in Markup(lead.get(path).text).own if HAN.search(part)] == [], path
