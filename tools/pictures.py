"""Write the pictures of the READMEs from the command line's output: `make docs`.

Rich's own export lets Chinese characters overlap and links to a web font. This module therefore draws the terminal
itself: every run of narrow or of wide characters gets its position and its length in columns.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).parents[1]
COLUMNS = 92
COMMANDS = (
    ("--signature", "通知"),
    ("--purpose", "verification", "--body", "您的验证码为｛1｝，点击{2}查看"),
    ("--purpose", "verification", "--body", "您的登录验证码是{1}，请勿泄露。"),
)
PICTURES = {"docs/images/review.svg": ("--lang", "en"), "docs/images/review.zh-CN.svg": ()}

COLUMN, ROW, SIZE, WIDE_SIZE, MARGIN, TITLE = 8.4, 20, 14, 16, 16, 36
BACKGROUND = (24, 26, 31)
THEME = TerminalTheme(
    BACKGROUND,
    (214, 218, 224),
    [
        *(BACKGROUND, (240, 113, 120), (152, 195, 121), (229, 192, 123)),
        *((97, 175, 239), (198, 120, 221), (86, 182, 194), (214, 218, 224)),
    ],
)
FONTS = (
    "Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', 'PingFang SC', 'Microsoft YaHei',"
    " 'Noto Sans Mono CJK SC', 'Noto Sans CJK SC', monospace"
)


def main() -> None:
    """Write every picture."""
    for name, options in PICTURES.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture(options), encoding="utf-8", newline="\n")
        print(name)


def picture(options: tuple[str, ...]) -> str:
    """Return the SVG picture of a terminal with each command and its output."""
    text = Text()
    for command in COMMANDS:
        arguments = ("review", *options, *command)
        text.append("$ ", "green").append(" ".join(map(shown, ("smsvet", *arguments))), "bold").append("\n")
        text.append_text(Text.from_ansi(answer(arguments))).append("\n\n")
    text.rstrip()
    console = Console(width=COLUMNS, color_system="truecolor", force_terminal=True)
    lines = [list(text.render(console)) for text in text.split("\n")]
    width, height = round(COLUMNS * COLUMN + 2 * MARGIN), TITLE + len(lines) * ROW + MARGIN
    red, green, blue = BACKGROUND
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">',
        "<title>smsvet review</title>",
        f"<style>text {{ font: {SIZE}px {FONTS}; white-space: pre }}",
        f".wide {{ font-size: {WIDE_SIZE}px }} .bold {{ font-weight: bold }} .dim {{ opacity: .65 }}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#{red:02x}{green:02x}{blue:02x}"/>',
    ]
    for place, colour in enumerate(("#f07178", "#e5c07b", "#98c379")):
        drawn.append(f'<circle cx="{MARGIN + 6 + 18 * place}" cy="18" r="5.5" fill="{colour}"/>')
    for number, line in enumerate(lines):
        drawn += draw(line, TITLE + number * ROW + SIZE)
    return "\n".join([*drawn, "</svg>", ""])


def draw(line: list[Segment], y: int) -> Iterator[str]:
    """Yield the SVG elements of one terminal line."""
    column = 0
    for text, style, _ in line:
        for _, found in groupby(text, key=cell_len):
            run = "".join(found)
            columns = cell_len(run)
            if run.strip():
                yield (
                    f'<text x="{MARGIN + column * COLUMN:g}" y="{y}" textLength="{columns * COLUMN:g}"'
                    f"{look(style or Style(), columns > len(run))}>{escape(run, quote=False)}</text>"
                )
            column += columns


def look(style: Style, wide: bool) -> str:
    """Return the SVG attributes for a style and for characters of one or two columns."""
    red, green, blue = style.color.get_truecolor(THEME) if style.color else THEME.foreground_color
    names = " ".join(
        name for name, holds in (("wide", wide), ("bold", style.bold), ("dim", style.dim)) if holds
    )
    return f' fill="#{red:02x}{green:02x}{blue:02x}"' + (f' class="{names}"' if names else "")


def shown(argument: str) -> str:
    """Return an argument as typed in a shell, quoted if necessary."""
    return argument if re.fullmatch(r"[\w-]+", argument) else shlex.quote(argument)


def answer(arguments: tuple[str, ...]) -> str:
    """Return the coloured output of the command line on a terminal of COLUMNS columns."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "smsvet_api", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    if done.returncode > 2:
        raise SystemExit(done.stderr)
    return done.stdout.rstrip("\n")


if __name__ == "__main__":
    main()
