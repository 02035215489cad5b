"""Measure what an installation takes on disk, and how long its imports take: `python -m bench.speed.install_size`.

Every extra gets a fresh environment under build/install/, into which pip installs the wheel and the pinned releases
of `.ci/demo.txt` that the wheel requires. Sizes are those of `du -sm` on `site-packages`, pip and bytecode included.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.speed.report import PAGE, Table, markdown, plain, write_block

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "install"
COMMAND = "python -m bench.speed.install_size"
EXTRAS = ("", "fast", "tables", "audit", "all")
"""The extras that are measured; the empty one is the default installation."""
IMPORTS: Mapping[str, str] = {
    "import smsvet": "import smsvet",
    "and the first verdict": "import smsvet; smsvet.Reviewer().review(smsvet.Submission(signature='通知'))",
    "command line": "import smsvet_api.cli.app",
    "service": "import smsvet_api.http.app",
}
"""Programs that are timed, each in a process of its own."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An environment with smsvet in it: its interpreter and the folder of its packages."""

    python: Path
    packages: Path

    @property
    def megabytes(self) -> int:
        """Return the size of the packages as `du -sm` prints it."""
        return int(run("du", "-sm", str(self.packages)).split()[0])

    @property
    def distributions(self) -> set[str]:
        """Return the names of all installed distributions."""
        listed = (
            "from importlib.metadata import distributions as d; print(*(one.metadata['Name'] for one in d()))"
        )
        return {name.lower().replace("_", "-") for name in run(str(self.python), "-c", listed).split()}


def run(*command: str, cwd: Path = ROOT) -> str:
    """Return what a command prints; raises RuntimeError with its errors where it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def build_wheels(lock: Path, folder: Path) -> Path:
    """Return the wheel of smsvet, built into `folder` together with a wheel of every release in a lock file."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps")
    run(*pip, "--require-hashes", "--no-build-isolation", "-r", str(lock), "-w", str(folder))
    for old in folder.glob("smsvet-*.whl"):
        old.unlink()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    return next(folder.glob("smsvet-*.whl"))


def install(wheel: Path, extra: str, folder: Path) -> Installation:
    """Return a fresh environment in `folder` with smsvet and an extra, only from the wheels beside its own."""
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", str(folder))
    python = folder / "bin" / "python"
    if sys.version_info < (3, 12):  # later releases put no setuptools into an environment
        run(
            str(python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "uninstall",
            "--quiet",
            "--yes",
            "setuptools",
        )
    wanted = f"smsvet[{extra}] @ {wheel.as_uri()}" if extra else str(wheel)
    offline = ("--quiet", "--no-index", "--find-links", str(wheel.parent))
    run(str(python), "-m", "pip", "--disable-pip-version-check", "install", *offline, wanted)
    return installed(folder)


def installed(folder: Path) -> Installation:
    """Return the environment that is in a folder."""
    python = folder / "bin" / "python"
    packages = run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    return Installation(python, Path(packages.strip()))


def seconds(python: Path, program: str, times: int) -> float:
    """Return the median CPU seconds of a program in a fresh process, without the start of the interpreter."""
    timed = f"import time; begun = time.process_time(); {program}; print(time.process_time() - begun)"
    # Not in the checkout, which `-c` would put first on the path.
    runs = [float(run(str(python), "-c", timed, cwd=python.parent)) for _ in range(times + 1)]
    return statistics.median(runs[1:])


def tables(extras: Sequence[str], times: int, folder: Path, reuse: bool = False) -> list[Table]:
    """Return the sizes and the import times of an installation with each extra.

    With `reuse`, the environments of an earlier run are measured again.
    """
    wheel = None if reuse else build_wheels(ROOT / ".ci" / "demo.txt", folder / "wheels")
    sizes, imports = [], []
    for extra in extras:
        name = f"smsvet[{extra}]" if extra else "smsvet"
        place = folder / (extra or "default")
        found = install(wheel, extra, place) if wheel else installed(place)
        sizes.append((name, str(found.megabytes), str(len(found.distributions))))
        imports.append(
            (name, *(f"{seconds(found.python, program, times):.2f}" for program in IMPORTS.values()))
        )
        print(f"{name}: {found.megabytes} MB", file=sys.stderr, flush=True)
    return [
        Table("Size of an installation", ("installed", "MB", "distributions"), sizes),
        Table(f"Imports, median of {times}: CPU seconds", ("installed", *IMPORTS), imports),
    ]


def main() -> None:
    """Print the tables, or write them into docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extras", nargs="+", choices=EXTRAS, default=EXTRAS)
    parser.add_argument("--times", type=int, default=5, help="processes for each import")
    parser.add_argument("--reuse", action="store_true", help="measure the environments of an earlier run")
    parser.add_argument("--write-docs", action="store_true", help="also docs/performance.md")
    options = parser.parse_args()
    found = tables(options.extras, options.times, FOLDER, options.reuse)
    print("\n\n".join(map(plain, found)))
    if options.write_docs:
        write_block(list(map(markdown, found)), COMMAND, PAGE)


if __name__ == "__main__":
    main()
