"""Sources in the terminal: all of a rule with their addresses, and the most important ones with a finding."""

from __future__ import annotations

import pytest

from smsvet import Reviewer
from smsvet.model import Lang
from smsvet_api.cli.source_view import cited, draw_sources

from .command_line import run


@pytest.mark.parametrize(
    ("source", "provider", "lang", "shown"),
    [
        ("T-SIG", "tencent", "zh", "腾讯云：签名审核标准"),
        ("T-SIG, OWN", "aliyun", "en", "Tencent Cloud: Signature review standards; our own judgement: word list, threshold or method"),
        ("LAW-AD, T-SIG, H-SIG", "huawei-intl", "en", "Huawei Cloud: Signature rules; PRC Advertising Law; and 1 more"),
        ("OWN, CX-SIG, LAW-AD", "tencent", "zh", "中华人民共和国广告法；本项目的判断：词表、阈值或识别方法；另有 1 处"),
        ("OWN; 词表 / word list", "tencent", "en", "our own judgement: word list, threshold or method; word list"),
        ("our own policy", "tencent", "en", "our own policy"),
    ],
)  # fmt: skip
def test_a_finding_cites_its_providers_own_text_first(
    source: str, provider: str, lang: Lang, shown: str, reviewer: Reviewer
) -> None:
    assert cited(source, provider, reviewer.sources, lang) == shown


@pytest.mark.parametrize(
    ("source", "lang", "lines"),
    [
        ("our own policy", "zh", ["  来源：our own policy"]),
        (
            "LAW-AD, T-TPL25, T-SDK19, OWN; 说明 / a note",
            "en",
            [
                "  source:",
                "    LAW-AD  PRC Advertising Law (2021; read in a text that quotes or copies it; Article 9 from pages that quote it; other articles recalled)",
                "    T-TPL25  Tencent Cloud: Body template review standards (2025-06-17)",
                "      https://cloud.tencent.com/document/product/382/39023",
                "    T-SDK19  Tencent Cloud: Official SDK, SMS v20190711 (API models, a later release) (address of the file not recorded)",
                "    OWN  our own judgement: word list, threshold or method",
                "    a note",
            ],
        ),
        (
            "LAW-CRIMINAL, OWN; 说明 / a note",
            "zh",
            [
                "  来源：",
                "    LAW-CRIMINAL  中华人民共和国刑法（凭领域知识，未读原文）",
                "    OWN  本项目的判断：词表、阈值或识别方法",
                "    说明",
            ],
        ),
    ],
)
def test_a_rule_lists_its_sources(source: str, lang: Lang, lines: list[str], reviewer: Reviewer) -> None:
    assert [line.plain for line in draw_sources(source, reviewer.sources, lang, 160)] == lines


@pytest.mark.usefixtures("one_reviewer")
def test_commands_show_titles_instead_of_keys() -> None:
    stated = run("rules", "signature/neutral", "--lang", "en").stdout
    assert "Tencent Cloud: Signature review standards" in stated
    assert "https://github.com/tencentyun/" in stated
    reviewed = run("review", "--signature", "通知").stdout
    assert "来源：腾讯云：" in reviewed
