from __future__ import annotations

import pytest

from smsvet.sms.optout import find_optout
from smsvet.text.text import HOLE


@pytest.mark.parametrize(
    ("folded", "words", "wording", "at_end"),
    [
        ("新品上市。拒收请回复r", "拒收请回复r", "current", True),
        ("新品上市。拒收请回复r。【云雀】", "拒收请回复r", "current", True),
        ("拒收请回复r,点击 www.example.com", "拒收请回复r", "current", False),
        ("拒收请回复r,回t退订", "拒收请回复r", "current", False),
        ("年后补货,2月17日开抢。回t退订", "回t退订", "legacy", True),
        ("回td退订!", "回td退订", "legacy", True),
        ("退订回t", "退订回t", "legacy", True),
        ("退订请回复td", "退订请回复td", "legacy", True),
        ("回复“td”退订", "回复“td”退订", "legacy", True),
        ("退订回复n", "退订回复n", "legacy", True),
        ("回复n取消", "回复n取消", "legacy", True),
        ("新品回t", "回t", "legacy", True),
        ("回复td退订,点击a.cn", "回复td退订", "legacy", False),
        ("回r退订", "回r退订", "fixable", True),
        ("退订回r", "退订回r", "fixable", True),
        ("拒收回r", "拒收回r", "fixable", True),
        ("拒收回复r", "拒收回复r", "fixable", True),
        ("拒收请回复 r", "拒收请回复 r", "fixable", True),
        ("回复r退订", "回复r退订", "fixable", True),
        ("回复0000", "回复0000", "fixable", True),
        ("回复qx", "回复qx", "fixable", True),
        ("td退订", "td退订", "fixable", True),
        ("退订t", "退订t", "fixable", True),
    ],
)
def test_finds_the_wording(folded: str, words: str, wording: str, at_end: bool) -> None:
    found = find_optout(folded)
    assert found is not None
    assert (folded[found.start : found.end], found.wording, found.at_end) == (words, wording, at_end)


@pytest.mark.parametrize(
    "folded",
    [
        "回复y确认",
        "回复n",
        "确认请回复y,回复n取消",
        "满意请回复1,不满意回复t",
        "取消请回复n",
        "拒收请回复rabc",
        f"拒收请回复{HOLE * 3}",
        f"回{HOLE * 3}退订",
        "您已退订成功",
        "退订房间请回复y",
        "发票请退回",
        "btd退订",
        "回复t恤尺码",
        "您的验证码是123456",
    ],
)
def test_other_replies_are_not_an_optout(folded: str) -> None:
    assert find_optout(folded) is None
