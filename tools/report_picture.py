"""Write the picture of a report for the documentation, with Chromium and a font that has Chinese characters.

    python -m tools.report_picture audit-out docs/images/audit-report.png --lang en

The output is that of the example in docs/audit.md. SMSVET_TEST_BROWSER names the browser, else it is `chromium`.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1200, 1560


def picture(report: Path, target: Path, lang: str, dark: bool = False) -> None:
    """Write the top of a report as PNG. Raises playwright's Error without a browser."""
    browser = os.environ.get("SMSVET_TEST_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if dark else "light"
        )
        page.goto(report.resolve().as_uri())
        page.locator(f"label[for=in-{lang}]").click()
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        chromium.close()


def main() -> None:
    """Write the picture of the last report below a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="the output of an audit")
    parser.add_argument("target", type=Path)
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    parser.add_argument("--dark", action="store_true")
    chosen = parser.parse_args()
    reports = sorted(chosen.folder.glob("comparison=*/report.html"), key=lambda path: path.stat().st_mtime)
    if not reports:
        parser.error(f"{chosen.folder}: no report")
    picture(reports[-1], chosen.target, chosen.lang, chosen.dark)
    print(chosen.target)


if __name__ == "__main__":
    main()
