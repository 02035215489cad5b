"""The startup cache: verdicts are the same with and without it, and untrusted cache files are ignored."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from smsvet import ContentError, Reviewer, Submission, catalogue
from smsvet.files.cache import FORMAT, MAX_FILES, ContentCache
from smsvet.files.digest import files_below
from smsvet.sms.names import Names
from smsvet.text.automaton import installed

KEY = "0" * 64
OTHER = "f" * 64
TEXTS = [
    Submission(body="您的验证码为{1}，请于{2}分钟内填写。"),
    Submission(body="葡京真人荷官，注册送彩金"),
    Submission(body="现在就可在此下注，详见 http://example.com/a"),
    Submission(body="葡.京欢迎您，彩全天天送"),
    Submission(body="您的验证码为${code}", provider="aliyun"),
    Submission(body="您的验证码为{code}", provider="tencent"),
    Submission(signature="测试"),
]

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid"), reason="nothing is cached on systems without file owners"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "smsvet"


def keep(folder: Path, key: str = KEY, value: object = "云雀") -> Path:
    """Write a cache file with a value under a key; return its path."""
    content_cache = ContentCache(folder, key)
    content_cache.put("value", value)
    content_cache.put_bytes("bytes", b"\x00\xff")
    content_cache.write()
    return folder / f"{key}.cache"


def recalled(folder: Path, key: str = KEY) -> object:
    return ContentCache(folder, key).get("value")


def test_stored_values_are_read_again(folder: Path) -> None:
    keep(folder)
    content_cache = ContentCache(folder, KEY)
    assert (content_cache.found, content_cache.get("value"), content_cache.get_bytes("bytes")) == (
        True,
        "云雀",
        b"\x00\xff",
    )
    assert content_cache.value("value", lambda: "made again") == "云雀"
    assert recalled(folder, OTHER) is None
    assert not ContentCache(None, KEY).found


@pytest.mark.parametrize("words", [["云雀", "a\tb"], [], [""], ["两\n行", "云雀"], ["\ud800"]])
def test_words_survive_the_round_trip(folder: Path, words: list[str]) -> None:
    first = ContentCache(folder, KEY)
    assert first.words("words", lambda: words) == words
    first.write()
    assert ContentCache(folder, KEY).words("words", lambda: ["made again"]) == words


def test_a_policy_with_a_term_of_two_lines(content: Path, folder: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text('terms: [{term: "云雀\\n高飞", category: gambling}]', encoding="utf-8")
    for _ in range(2):
        reviewer = Reviewer(content=content, policy=policy, cache=folder)
        assert [finding.rule for finding in reviewer.review(Submission(body="云雀\n高飞")).findings]
        assert not reviewer.review(Submission(body="云雀高飞")).findings


def test_content_that_changes_while_it_is_loaded_is_not_cached(
    content: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(path: Path) -> Names:
        (content / "corpora" / "words.txt").write_text("云雀\n", encoding="utf-8")
        return Names(path)

    monkeypatch.setattr(catalogue, "Names", slow)
    Reviewer(content=content, cache=folder)
    assert not folder.exists()


def test_only_the_owner_may_read_or_write_it(folder: Path) -> None:
    path = keep(folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def writable_by_others(path: Path) -> None:
    path.chmod(0o666)


def writable_by_the_group(path: Path) -> None:
    path.chmod(0o620)


def in_a_folder_of_all(path: Path) -> None:
    path.parent.chmod(0o777)


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def in_a_linked_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to("elsewhere")


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def of_somebody_else(path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a file away")
    os.chown(path, 12345, -1)


def in_a_folder_of_somebody_else(path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a folder away")
    os.chown(path.parent, 12345, -1)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def changed_inside(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)


def of_another_format(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(FORMAT, FORMAT.replace(b"2", b"1")))


def text(path: Path) -> None:
    path.write_text('{"value": "another"}')


@pytest.mark.parametrize(
    "spoil",
    [
        writable_by_others, writable_by_the_group, in_a_folder_of_all, a_link, in_a_linked_folder, a_pipe,
        a_folder, of_somebody_else, in_a_folder_of_somebody_else, cut_off, empty, changed_inside,
        of_another_format, text,
    ],
)  # fmt: skip
def test_an_untrusted_file_is_ignored(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(keep(folder))
    assert recalled(folder) is None


@pytest.mark.parametrize("spoil", [cut_off, changed_inside, a_link, writable_by_others, of_another_format])
def test_an_ignored_file_is_written_again(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(keep(folder))
    path = keep(folder, value="neu")
    assert recalled(folder) == "neu"
    assert not path.is_symlink()


@pytest.mark.parametrize("spoil", [in_a_folder_of_all, in_a_linked_folder])
def test_no_file_is_written_to_a_folder_that_others_can_write(
    folder: Path, spoil: Callable[[Path], None]
) -> None:
    path = keep(folder, OTHER)
    spoil(path)
    keep(folder)
    assert sorted(item.name for item in folder.iterdir()) == [path.name]


def test_a_folder_that_cannot_be_created_is_not_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keep(tmp_path / "file" / "cache")
    assert recalled(tmp_path / "file" / "cache") is None


def test_a_read_only_folder_caches_nothing_and_is_not_an_error(folder: Path) -> None:
    keep(folder, OTHER)
    program = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from smsvet.files.cache import ContentCache
        folder = Path({str(folder)!r})
        os.chmod(folder, 0o500)
        if os.geteuid() == 0:  # root may write anywhere: switch to an ordinary user who owns the folder
            os.chown(folder, 12345, -1)
            os.setuid(12345)
        content_cache = ContentCache(folder, {KEY!r})
        content_cache.put("value", 1)
        content_cache.write()
        print(ContentCache(folder, {KEY!r}).found)
    """)
    for part in [*folder.parents][:4]:
        part.chmod(part.stat().st_mode | 0o111)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    folder.chmod(0o700)
    assert (done.stdout, done.stderr) == ("False\n", "")
    assert [item.name for item in folder.iterdir()] == [f"{OTHER}.cache"]


def test_the_newest_cache_files_stay(folder: Path) -> None:
    for number in range(MAX_FILES + 3):
        path = keep(folder, f"{number:064x}")
        os.utime(path, (number, number))
    (folder / "notes.txt").write_text("another's")
    abandoned, busy = folder / f"{KEY}.cache.1.1", folder / f"{KEY}.cache.2.2"
    abandoned.write_text("")
    fcntl = pytest.importorskip("fcntl")
    with busy.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        keep(folder, OTHER)
        left = {f"{number:064x}.cache" for number in range(4, MAX_FILES + 3)}
        assert {item.name for item in folder.iterdir()} == left | {f"{OTHER}.cache", "notes.txt", busy.name}


def test_a_killed_writer_leaves_nothing_after_the_next_start(folder: Path) -> None:
    keep(folder, OTHER)
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from smsvet.files import cache

        def killed(*_, **__):
            os.kill(os.getpid(), signal.SIGKILL)

        os.replace = killed
        content_cache = cache.ContentCache(Path({str(folder)!r}), {KEY!r})
        content_cache.put("value", 1)
        content_cache.write()
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-9, "")
    assert len(list(folder.iterdir())) == 2
    assert ContentCache(folder, OTHER).found
    assert [item.name for item in folder.iterdir()] == [f"{OTHER}.cache"]


def test_concurrent_writers_leave_one_complete_file(folder: Path) -> None:
    values = [str(number) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda value: keep(folder, value=value), values))
    assert recalled(folder) in values
    assert [item.name for item in folder.iterdir()] == [f"{KEY}.cache"]


@pytest.mark.parametrize("backend", installed())
def test_verdicts_are_the_same_with_a_cache(content: Path, folder: Path, backend: str) -> None:
    plain = Reviewer(content=content, backend=backend)
    first = Reviewer(content=content, backend=backend, cache=folder)
    (path,) = folder.iterdir()
    written = path.stat().st_mtime_ns
    second = Reviewer(content=content, backend=backend, cache=folder)
    assert path.stat().st_mtime_ns == written
    assert plain.revision == first.revision == second.revision
    assert [rule.file for rule in plain.rules] == [rule.file for rule in second.rules]
    assert plain.providers == second.providers
    lexicons = [one.catalogue.reader.lexicon for one in (plain, second)]
    assert list(lexicons[0].entries) == list(lexicons[1].entries)
    assert list(lexicons[0].safe) == list(lexicons[1].safe)
    for text in TEXTS:
        assert plain.review(text) == first.review(text) == second.review(text)


@pytest.mark.parametrize("backend", installed())
def test_the_shipped_examples_have_the_same_verdicts_with_the_cache(
    reviewer: Reviewer, folder: Path, backend: str
) -> None:
    Reviewer(cache=folder, backend=backend)
    cached = Reviewer(cache=folder, backend=backend)
    assert len(list(folder.iterdir())) == 1
    for rule in reviewer.rules:
        for example in (*rule.file.examples.flag, *rule.file.examples.passes):
            if isinstance(example.get("body"), str):
                text = Submission(body=example["body"], signature=example.get("signature"))
                assert cached.review(text) == reviewer.review(text)


def test_files_are_listed_in_the_order_of_their_paths(tmp_path: Path) -> None:
    names = ["b.yaml", "a/z.py", "a-b.txt", "a/b/c.tsv", "a/b-c.lark", "A.yaml"]
    for name in (*names, "notes.md", "a/b/c.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    ordered = sorted(tmp_path / name for name in names)
    assert files_below(tmp_path) == [path.relative_to(tmp_path).as_posix() for path in ordered]
    assert files_below(tmp_path / "none") == []


def test_every_change_of_content_is_detected(content: Path, folder: Path) -> None:
    before = Reviewer(content=content, cache=folder)
    path = content / "corpora" / "terms" / "gambling.tsv"
    status = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("葡京", "云雀"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = Reviewer(content=content, cache=folder)
    assert after.revision != before.revision
    assert after.review(Submission(body="云雀欢迎您")).findings
    assert not before.review(Submission(body="云雀欢迎您")).findings


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("rules/content/gambling.yaml", "decision: ", "decisions: [] #", "rules/content/gambling.yaml"),
        ("rules/content/gambling.yaml", "zh: ", "zh: {nothing} ", "rules/content/gambling.yaml"),
        ("grammars/tencent.yaml", "keying: ", "keing: ", "grammars/tencent.yaml"),
        ("grammars/tencent.lark", "placeholder", "((", "grammars/tencent.lark"),
        ("corpora/terms/gambling.tsv", "strong", "strange", "corpora/terms/gambling.tsv"),
    ],
)
def test_a_wrong_file_gives_the_same_error_with_the_cache(
    content: Path, folder: Path, name: str, old: str, new: str, error: str
) -> None:
    Reviewer(content=content, cache=folder)
    path = content / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=error) as plain:
        Reviewer(content=content)
    for _ in range(2):
        with pytest.raises(ContentError) as cached:
            Reviewer(content=content, cache=folder)
        assert (str(cached.value), cached.value.say("zh")) == (str(plain.value), plain.value.say("zh"))
    assert len(list(folder.iterdir())) == 1


def test_two_processes_that_start_together_both_review(content: Path, folder: Path) -> None:
    program = textwrap.dedent(f"""
        from pathlib import Path
        from smsvet import Reviewer, Submission
        reviewer = Reviewer(content=Path({str(content)!r}), cache=Path({str(folder)!r}))
        print(reviewer.revision, reviewer.review(Submission(body="葡京欢迎您")).decision.value)
    """)
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    outputs = {process.communicate(timeout=300)[0] for process in started}
    assert outputs == {f"{Reviewer(content=content).revision} reject\n"}
    assert len(list(folder.iterdir())) == 1


def test_a_damaged_automaton_is_rebuilt(folder: Path) -> None:
    pytest.importorskip("daachorse")
    from smsvet.text.automaton import build_automaton

    content_cache = ContentCache(folder, KEY)
    content_cache.put_bytes("daachorse words", b"damaged")
    assert build_automaton(["云雀"], "daachorse", content_cache, "words").find("一只云雀") == [(0, 2, 4)]
