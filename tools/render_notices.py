"""Write the rendered benign messages as JSON Lines: `python -m tools.render_notices [OUT]`.

The rows are those that `tests/test_rendered.py` and `make quality` review. Each has its template's file and line.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.quality.rendered import ROWS, rendered


def main() -> None:
    """Write the rows to a file or to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, help="a file; standard output without it")
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args()
    lines = []
    for row in rendered(options.rows):
        given = row.submission
        fields = {"text": given.text} if given.text else {"body": given.body, "params": given.params}
        line = {
            "submission": {**fields, "purpose": given.purpose},
            "class": row.category,
            "decision": row.decision,
            "template": row.origin,
        }
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    if options.out:
        options.out.write_text("".join(lines), encoding="utf-8")
    else:
        sys.stdout.writelines(lines)


if __name__ == "__main__":
    main()
