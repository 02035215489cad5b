"""Rule files: errors name file, line and key; an exception during review is a fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from smsvet import ContentError, Decision, Reviewer, Submission, Variable
from smsvet.files.content_files import RULE_BYTES
from smsvet.rules.rule import fill

Write = Callable[[str, str], Path]
BODY = Submission(body="您的订单{1}已发货", purpose="notification")
GOOD = """\
title: {zh: 发货, en: Shipped}
decision: reject
message: {zh: "“{match}”{what}", en: "“{match}”: {what}"}
why: {zh: 试, en: try}
fix: {zh: "改{{1}}", en: "change {{1}}"}
codes: {tencent: [{code: "1014", until: "2021-01-01"}, {code: New.Code, since: "2021-01-01"}], aliyun: isv.X}
source: ours
check: {kind: pattern, pattern: "已(?P<what>发货|签收)"}
examples:
  flag: [{body: "您的订单{1}已发货"}]
  pass: [{body: "您好"}]
"""
PYTHON = GOOD.replace('check: {kind: pattern, pattern: "已(?P<what>发货|签收)"}', "check: {kind: python}")
WORKING = """\
from smsvet import Hit

def check(document):
    yield Hit(document.body.place(0, 2), {"what": "在此"})
"""

WRONG = [
    # the original text, its replacement, the line, the message
    ("decision:", "decison:", 2, "decison: unknown key; did you mean decision, decisions?"),
    ("decision: reject", "decision: rejct", 2, "decision: Input should be 'approve'"),
    ("title: {zh: 发货, en: Shipped}", "title: {zh: 发货}", 1, "title.en: Field required"),
    (
        "“{match}”{what}",
        "“{match}”{wath}",
        3,
        "message.zh: no word {wath} comes from this check; known: match, what; did you mean what?",
    ),
    ("kind: pattern", "kind: patern", 8, "check: Input tag 'patern' found using 'kind' does not match"),
    ("已(?P<what>发货|签收)", "已(?P<what>发货|签收", 8, "check.pattern: "),
    (
        'pattern: "已(?P<what>发货|签收)"',
        'pattern: "已(?P<what>.)", inn: [body]',
        8,
        "check.inn: unknown key; did you mean in?",
    ),
    ("source: ours", "source: ours\nneeds: [acount]", 8, "needs: unknown acount; known: signature"),
    ("source: ours", 'source: ours\nprofiles: ["27"]', 8, "profiles.0: Input should be '18'"),
    ("source: ours", "source: ours\nsince: soon", 8, "since: Input should be a valid date"),
    ("flag: [{body", "flags: [{body", 10, "examples.flags: unknown key; did you mean flag?"),
    ('  pass: [{body: "您好"}]', "  pass: []", 11, "examples.pass: Tuple should have at least 1 item"),
    ("examples:", "examples: [", 9, ""),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), WRONG)
def test_a_wrong_rule_names_file_line_and_key(
    old: str, new: str, line: int, said: str, write: Write, small_content: Path
) -> None:
    assert old in GOOD
    folder = write("own/order/shipped.yaml", GOOD.replace(old, new, 1)).parents[1]
    with pytest.raises(ContentError) as error:
        Reviewer([folder], content=small_content)
    lines = str(error.value).split("\n")
    assert any(one.startswith(f"{folder}/order/shipped.yaml:") and (said in one) for one in lines), str(
        error.value
    )
    if said.partition(":")[0] not in ("", "file"):
        assert any(one.startswith(f"{folder}/order/shipped.yaml:{line}: {said}") for one in lines), str(
            error.value
        )


def test_a_shipped_rule_is_named_below_rules(content: Path) -> None:
    path = content / "rules/template/empty.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("decision:", "decison:", 1), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        Reviewer(content=content)
    assert "rules/template/empty.yaml:3: decison: unknown key; did you mean decision, decisions?" in str(
        error.value
    ).split("\n")


UNLOADABLE = [
    # files below the rule folder, and the end of the message
    (
        {"order/shipped.yaml": GOOD.replace("aliyun:", "aliyum:")},
        "order/shipped.yaml:6: codes.aliyum: unknown provider aliyum; did you mean aliyun?",
    ),
    (
        {"order/shipped.yaml": GOOD.replace("source:", "providers: [tencnet]\nsource:")},
        "order/shipped.yaml:7: providers.0: unknown provider tencnet; did you mean tencent?",
    ),
    (
        {
            "order/shipped.yaml": GOOD.replace(
                'pattern, pattern: "已(?P<what>发货|签收)"', "terms, category: lone"
            ).replace("{what}", "")
        },
        "order/shipped.yaml:8: check: category: no lexicon lone; known: crypto, gambling",
    ),
    (
        {"order/shipped.yaml": PYTHON},
        (
            "order/shipped.yaml:8: check: {folder}/order/shipped.py is missing: "
            "kind python needs a function check(document) there"
        ),
    ),
    (
        {"order/shipped.yaml": PYTHON, "order/shipped.py": "def chekc(document): ..."},
        "order/shipped.yaml:8: check: {folder}/order/shipped.py: no function check(document)",
    ),
    (
        {"order/shipped.yaml": PYTHON, "order/shipped.py": "import nothing_of_that_name"},
        (
            "order/shipped.yaml:8: check: {folder}/order/shipped.py: "
            "ModuleNotFoundError: No module named 'nothing_of_that_name'"
        ),
    ),
    (
        {"order/shipped.yaml": PYTHON, "order/shipped.py": "import sys\nsys.exit(0)"},
        "order/shipped.yaml:8: check: {folder}/order/shipped.py: SystemExit: 0",
    ),
    (
        {"order/shipped.yaml": PYTHON, "order/shipped.py": "#" * (RULE_BYTES + 1)},
        "order/shipped.yaml:8: check: {folder}/order/shipped.py: larger than 1 MiB",
    ),
    (
        {"order/Shipped_.yaml": GOOD},
        "order/Shipped_.yaml: a rule's path is <topic>/<name>, in lower case with hyphens",
    ),
    ({"shipped.yaml": GOOD}, "shipped.yaml: a rule's path is <topic>/<name>, in lower case with hyphens"),
    (
        {"template/empty.yaml": GOOD},
        "template/empty.yaml: a rule template/empty exists already: rules/template/empty.yaml",
    ),
]


@pytest.mark.parametrize(("files", "said"), UNLOADABLE)
def test_a_rule_that_cannot_be_loaded_is_an_error_with_its_file(
    files: dict[str, str], said: str, write: Write, tmp_path: Path, small_content: Path
) -> None:
    for name, text in files.items():
        write(f"own/{name}", text)
    folder = tmp_path / "own"
    with pytest.raises(ContentError) as error:
        Reviewer([folder], content=small_content)
    assert str(error.value) == f"{folder}/{said}".replace("{folder}", str(folder))


def test_all_wrong_rules_are_reported_at_once(write: Write, tmp_path: Path, small_content: Path) -> None:
    write("own/a/one.yaml", GOOD.replace("decision:", "decison:"))
    write("own/a/two.yaml", GOOD.replace("source:", "sauce:"))
    with pytest.raises(ContentError) as error:
        Reviewer([tmp_path / "own"], content=small_content)
    assert {"one.yaml" in str(error.value), "two.yaml" in str(error.value)} == {True}


def test_a_missing_rule_folder_is_an_error(tmp_path: Path, small_content: Path) -> None:
    with pytest.raises(ContentError, match="own: no such folder"):
        Reviewer([tmp_path / "own"], content=small_content)


def test_an_additional_rule_is_loaded(write: Write, small_content: Path) -> None:
    folder = write("own/order/shipped.yaml", GOOD).parents[1]
    plain, ruled = Reviewer(content=small_content), Reviewer([folder], content=small_content)
    assert plain.review(BODY).decision is Decision.APPROVE
    verdict = ruled.review(BODY)
    (finding,) = verdict.findings
    assert verdict.decision is Decision.REJECT
    assert (finding.rule, finding.start, finding.end, finding.text) == ("order/shipped", 7, 10, "已发货")
    assert (finding.message, finding.fix) == ("“已发货”发货", "改{1}")
    assert ruled.revision != plain.revision


@pytest.mark.parametrize(
    ("provider", "as_of", "code"),
    [
        ("tencent", date(2018, 10, 9), "1014"),
        ("tencent", date(2020, 12, 31), "1014"),
        ("tencent", date(2021, 1, 1), "New.Code"),
        ("aliyun", date(2018, 10, 9), "isv.X"),
        ("ucloud", date(2026, 11, 22), "18023"),  # the vendor's own for any rule
        ("submail", date(2026, 11, 22), None),
    ],
)
def test_the_error_code_is_that_of_provider_and_date(
    provider: str, as_of: date, code: str | None, write: Write, small_content: Path
) -> None:
    folder = write("own/order/shipped.yaml", GOOD).parents[1]
    submission = Submission(body="订单已发货", purpose="notification", provider=provider, as_of=as_of)
    (finding,) = Reviewer([folder], content=small_content).review(submission).findings
    assert finding.code == code


SCOPES = [
    # additional keys, and the decisions on a notice before 2021 at Tencent, today, and at Aliyun
    ("", ["reject", "reject", "reject"]),
    ('profiles: ["18"]', ["reject", None, None]),
    ("providers: [aliyun]", [None, None, "reject"]),
    ('since: "2021-01-01"', [None, "reject", "reject"]),
    ('until: "2021-01-01"', ["reject", None, None]),
    ("region: international", [None, None, None]),
    ("purposes: [marketing]", [None, None, None]),
    ("kinds: [signature, message]", [None, None, None]),
    ("needs: [account]", [None, None, None]),
    ("needs: [placeholders]", ["reject", "reject", "reject"]),
    ('decisions: [{decision: manual_review, profiles: ["18"]}]', ["manual_review", "reject", "reject"]),
    ('decisions: [{decision: "off", providers: [aliyun]}]', ["reject", "reject", None]),
    ("decisions: [{decision: off, providers: [aliyun]}]", ["reject", "reject", None]),
    ("decisions: [{decision: approve, fields: [text]}]", ["reject", "reject", "reject"]),
    (
        "decisions: [{decision: approve, fields: [body]}, {decision: reject}]",
        ["approve", "approve", "approve"],
    ),
    ('unless: [{kind: pattern, pattern: "订单"}]', [None, None, None]),
    ('unless: [{kind: pattern, pattern: "签收"}]', ["reject", "reject", "reject"]),
]


@pytest.mark.parametrize(("keys", "decisions"), SCOPES)
def test_the_scope_of_a_rule(
    keys: str, decisions: list[str | None], write: Write, small_content: Path
) -> None:
    text = GOOD.replace("source:", f"{keys}\nsource:") if keys else GOOD
    reviewer = Reviewer([write("own/order/shipped.yaml", text).parents[1]], content=small_content)
    asked = []
    for provider, as_of in (("tencent", "2018-10-09"), ("tencent", "2026-11-22"), ("aliyun", "2026-11-22")):
        verdict = reviewer.review(
            Submission(body="您的订单{1}已发货", purpose="notification", provider=provider, as_of=as_of)  # type: ignore[arg-type]
        )
        found = [finding for finding in verdict.findings if finding.rule == "order/shipped"]
        asked.append(found[0].decision.value if found else None)
    assert asked == decisions


FAULTS = [
    # rule function, fault
    ("def check(document):\n    raise ValueError('bad day')\n", "ValueError: bad day"),
    ("def check(document):\n    return [document.nothing]\n", "AttributeError: "),
    ("def check(document):\n    return 1\n", "TypeError: 'int' object is not iterable"),
    ("from smsvet import Hit\n\ndef check(document):\n    yield Hit()\n", "KeyError: 'what'"),
    ("def check(document):\n    yield 'hit'\n", "AttributeError: "),
    ("import sys\n\ndef check(document):\n    sys.exit(0)\n", "SystemExit: 0"),
    ("import sys\n\ndef check(document):\n    yield from ()\n    sys.exit()\n", "SystemExit: "),
    ("def check(document):\n    raise GeneratorExit\n", "GeneratorExit: "),
    ("def check(document):\n    document.texts.clear()\n", "AttributeError: 'mappingproxy' object"),
    ("def check(document):\n    del document.texts['body']\n", "TypeError: 'mappingproxy' object"),
    ("def check(document):\n    document.values['1'] = ''\n", "TypeError: 'mappingproxy' object"),
]


@pytest.mark.parametrize(("function", "error"), FAULTS)
def test_a_rule_that_raises_is_a_fault_and_needs_manual_review(
    function: str, error: str, write: Write, small_content: Path
) -> None:
    folder = write("own/order/shipped.yaml", PYTHON).parents[1]
    write("own/order/shipped.py", function)
    reviewer = Reviewer([folder], content=small_content)
    verdict = reviewer.review(BODY)
    assert verdict.decision is Decision.MANUAL_REVIEW
    (fault,) = verdict.faults
    assert fault.rule == "order/shipped"
    assert fault.error.startswith(error)
    # the other rules still run
    worse = reviewer.review(Submission(body="详情点击{1}查看", purpose="notification"))
    assert worse.decision is Decision.REJECT
    assert len(worse.faults) == 1


@pytest.mark.parametrize(
    "mutation",
    [
        "document.submission.params.clear()",
        "document.submission.params['1'] = ''",
        "document.submission.variables.clear()",
    ],
)
def test_a_rule_cannot_change_what_was_submitted(mutation: str, write: Write, small_content: Path) -> None:
    folder = write("own/order/shipped.yaml", PYTHON).parents[1]
    write("own/order/shipped.py", f"def check(document):\n    {mutation}\n")
    submission = Submission(
        body="您的订单${1}已发货", params={"1": "5"}, variables={"1": Variable("phone")}, provider="aliyun"
    )
    verdict = Reviewer([folder], content=small_content).review(submission)
    assert [fault.rule for fault in verdict.faults] == ["order/shipped"]
    assert (submission.params, submission.variables) == ({"1": "5"}, {"1": Variable("phone")})


def test_an_interrupt_is_not_a_fault(write: Write, small_content: Path) -> None:
    folder = write("own/order/shipped.yaml", PYTHON).parents[1]
    write("own/order/shipped.py", "def check(document):\n    raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        Reviewer([folder], content=small_content).review(BODY)


def test_a_function_works_and_is_part_of_the_revision(write: Write, small_content: Path) -> None:
    folder = write("own/order/shipped.yaml", PYTHON).parents[1]
    write("own/order/shipped.py", WORKING)
    first = Reviewer([folder], content=small_content)
    (finding,) = first.review(BODY).findings
    assert (finding.text, finding.message) == ("您的", "“您的”在此")
    write("own/order/shipped.py", WORKING.replace("在此", "在这"))
    second = Reviewer([folder], content=small_content)
    assert second.review(BODY).findings[0].message == "“您的”在这"
    assert first.revision != second.revision


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("“{match}”", "“x”"),
        ("{{1}}", "{1}"),
        ("{{1}}{match}{{code}}", "{1}x{code}"),
        ("{1}", "{1}"),
        ("", ""),
    ],
)
def test_fill(template: str, filled: str) -> None:
    assert fill(template, {"match": "x"}) == filled


def test_fill_needs_every_word() -> None:
    with pytest.raises(KeyError):
        fill("{match}", {})


def test_a_function_cannot_be_part_of_another_check(content: Path) -> None:
    file = content / "rules" / "template" / "empty.yaml"
    nested = "check: {kind: any, of: [{kind: python}, {kind: field, field: body}]}"
    lines = file.read_text(encoding="utf-8").split("\n")
    file.write_text(
        "\n".join(nested if line.startswith("check:") else line for line in lines), encoding="utf-8"
    )

    with pytest.raises(ContentError, match=r"template/empty\.yaml:[0-9]+: check: kind python"):
        Reviewer(content=content)
