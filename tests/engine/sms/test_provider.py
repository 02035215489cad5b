from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from smsvet.sms.limits import LIMITS
from smsvet.sms.provider import Limit, Provider, ProviderError, load_provider, load_providers

GRAMMARS = Path(__file__).parents[3] / "grammars"
PROVIDERS = load_providers(GRAMMARS)
FIRST, SECOND, THIRD = date(2018, 10, 9), date(2022, 5, 1), date(2026, 11, 22)
TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
"""No place on Earth has a later date: a source cannot have been checked after it."""
LIMIT_ENTRIES = [
    pytest.param(provider, name, entry, id=f"{provider.id}-{name}-{number}")
    for provider in PROVIDERS.values()
    for name, entries in provider.limits.items()
    for number, entry in enumerate(entries)
]
GOOD = """\
title: {zh: 云雀, en: Skylark}
keying: positional
write: "{<key>}"
eras: [{profile: "26"}]
limits:
  body_length:
    - {value: 500, source: X, confidence: S, checked: 2026-11-22}
    """
GRAMMAR = 'placeholder: "{" INDEX "}"\nINDEX: /[1-9]/\n'

WRONG = [
    # text in GOOD, its replacement, line and key in the error
    ("body_length:", "body_lenght:", 6, "limits.body_lenght"),
    ("value: 500", "valeu: 500", 7, "limits.body_length.0.valeu"),
    ("value: 500", "value: 1.5", 7, "limits.body_length.0.value"),
    (", checked: 2026-11-22", "", 7, "limits.body_length.0.checked"),
    ("value: 500", "value: true", 7, "limits.body_length.0.value"),
    ("value: 500", "value: []", 7, "limits.body_length.0.value"),
    ("source: X, ", "", 7, "limits.body_length.0.source"),
    ("checked: 2026-11-22", "checked: soon", 7, "limits.body_length.0.checked"),
    ("confidence: S", "confidence: sure", 7, "limits.body_length.0.confidence"),
    ("keying: positional", "keying: numbered", 2, "keying"),
    ("write:", "wriet:", 3, "wriet"),
    ("en: Skylark", "english: Skylark", 1, "title.english"),
    ('profile: "26"', 'profile: "27"', 4, "eras.0.profile"),
    ('profile: "26"', 'profile: "26"}, {profile: "25"', 4, "eras"),
    ("value: 500,", "value: 500, since: 2021-01-01, until: 2021-01-01,", 7, "limits.body_length.0"),
    (
        "2026-11-22}\n",
        "2026-11-22}\n    - {value: 6, source: X, confidence: S, checked: 2026-11-22}\n",
        6,
        "limits.body_length",
    ),
    ("keying: positional", "keying: [", 4, None),
]

IN_FORCE = [
    ("tencent", "signature_length", FIRST, (2, 12)),
    ("tencent", "signature_length_international", FIRST, (2, 15)),
    ("tencent", "signature_quota", FIRST, 200),
    ("tencent", "signature_quota", SECOND, 50),
    ("tencent", "variable_length_individual", FIRST, 12),
    ("tencent", "variable_length_individual", date(2022, 12, 31), 12),
    ("tencent", "variable_length_individual", date(2023, 1, 1), 6),
    ("tencent", "variable_length_individual", THIRD, None),
    ("tencent", "optout_accepted", FIRST, ("TD", "T", "N", "R")),
    ("tencent", "optout_accepted", THIRD, ("R",)),
    ("tencent", "optout_required", SECOND, None),
    ("tencent", "optout_required", THIRD, ("拒收请回复R",)),
    ("tencent", "otp_keywords", THIRD, ("验证码",)),
    ("tencent", "segment", THIRD, (70, 67)),
    ("tencent", "batch_recipients", THIRD, 200),
    ("aliyun", "otp_digits", THIRD, (4, 6)),
    ("aliyun", "variable_length", THIRD, 35),
    ("huawei", "placeholder_count", THIRD, 20),
    ("baidu", "body_length", THIRD, 600),
    ("ucloud", "template_name_length", THIRD, (2, 12)),
    ("dlt", "variable_length", THIRD, 30),
    ("whatsapp", "body_length", THIRD, 1024),
]

PROFILES = [
    ("tencent", FIRST, "18"),
    ("tencent", date(2020, 12, 31), "18"),
    ("tencent", date(2021, 1, 1), "21"),
    ("tencent", date(2024, 12, 31), "21"),
    ("tencent", date(2025, 1, 1), "25"),
    ("aliyun", FIRST, "26"),
    ("huawei", THIRD, "26"),
    ("whatsapp", THIRD, "intl"),
]


def written(folder: Path, text: str, grammar: str = GRAMMAR) -> Path:
    (folder / "skylark.yaml").write_text(text, encoding="utf-8")
    (folder / "skylark.lark").write_text(grammar, encoding="utf-8")
    return folder / "skylark.yaml"


def test_every_vendor_has_a_provider() -> None:
    assert set(PROVIDERS) >= {
        *("tencent", "aliyun", "huawei", "huawei-intl", "yunpian", "ucloud", "qiniu", "baidu", "volcengine"),
        *(
            "jiguang",
            "submail",
            "netease",
            "chuanglan",
            "juhe",
            "ctyun",
            "dlt",
            "whatsapp",
            "zhutong",
            "wechat",
        ),
        "twilio",
    }


@pytest.mark.parametrize(("provider", "name", "entry"), LIMIT_ENTRIES)
def test_every_limit_has_a_source_and_a_date(provider: Provider, name: str, entry: Limit) -> None:
    assert name in LIMITS
    assert entry.source.strip()
    assert date(2018, 1, 1) <= entry.checked <= TOMORROW
    assert name != "body_length" or entry.counts is not None


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_at_most_one_entry_is_in_force_on_a_day(provider: Provider) -> None:
    timelines = [provider.eras, *provider.limits.values()]
    for timeline in timelines:
        edges = {day for entry in timeline for day in (entry.since, entry.until) if day}
        for day in {FIRST, *edges, *(edge - timedelta(days=1) for edge in edges)}:
            assert sum(entry.holds(day) for entry in timeline) <= 1
    assert all(provider.profile(day) for day in (FIRST, SECOND, THIRD))


@pytest.mark.parametrize(("provider", "name", "as_of", "value"), IN_FORCE)
def test_the_limit_in_force(provider: str, name: str, as_of: date, value: object) -> None:
    assert PROVIDERS[provider].limit(name, as_of) == value


@pytest.mark.parametrize(("provider", "as_of", "profile"), PROFILES)
def test_the_profile_of_a_day(provider: str, as_of: date, profile: str) -> None:
    assert PROVIDERS[provider].profile(as_of) == profile


def test_a_limit_that_the_provider_lacks_is_the_default() -> None:
    assert PROVIDERS["wechat"].limit("body_length", THIRD) is None
    assert PROVIDERS["wechat"].limit("body_length", THIRD, 500) == 500


def test_an_operators_own_limit_comes_first() -> None:
    changed = dataclasses.replace(PROVIDERS["tencent"], overrides={"body_length": 300})

    assert changed.limit("body_length", THIRD) == 300


def test_an_unknown_limit_is_an_error() -> None:
    with pytest.raises(KeyError):
        PROVIDERS["tencent"].limit("body_lenght", THIRD)


def test_a_provider_is_frozen_and_hashable() -> None:
    provider = PROVIDERS["tencent"]

    assert {provider: 1}[provider] == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        provider.write = "x"  # type: ignore[misc]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    provider = load_provider(written(tmp_path, GOOD))

    assert (provider.id, provider.title.zh, provider.limit("body_length", THIRD)) == ("skylark", "云雀", 500)
    assert provider.grammar == GRAMMAR
    assert provider.placeholder("2") == "{2}"


@pytest.mark.parametrize(("good", "wrong", "line", "key"), WRONG)
def test_a_wrong_file_names_file_line_and_key(
    tmp_path: Path, good: str, wrong: str, line: int, key: str | None
) -> None:
    assert good in GOOD
    written(tmp_path, GOOD.replace(good, wrong))

    with pytest.raises(ProviderError) as raised:
        load_providers(tmp_path)

    first = str(raised.value).split("\n")[0]
    assert first.startswith(f"{tmp_path.name}/skylark.yaml:{line}: " + (f"{key}: " if key else ""))


def test_every_error_of_every_file_is_reported(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace("keying: positional", "keying: x").replace("value: 500", "value: 1.5"))
    (tmp_path / "lark.lark").write_text(GRAMMAR, encoding="utf-8")
    (tmp_path / "robin.yaml").write_text(GOOD, encoding="utf-8")

    with pytest.raises(ProviderError) as raised:
        load_providers(tmp_path)

    text = str(raised.value)
    for place in ("skylark.yaml:2: keying:", "skylark.yaml:7: limits.", "lark.lark:1:", "robin.lark: "):
        assert f"{tmp_path.name}/{place}" in text


def test_a_named_placeholder_needs_its_key(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="needs <key>"):
        load_provider(written(tmp_path, GOOD.replace("positional", "named").replace("<key>", "code")))


def test_a_folder_without_providers_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="no providers"):
        load_providers(tmp_path)
