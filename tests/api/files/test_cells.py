"""Cells in the words of vendors and consoles, and as spreadsheets store them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet_api.files.rows import Row

from .reading import data, error, noted, rows, write_xlsx


@pytest.mark.parametrize(
    ("provider", "word", "read"),
    [
        (None, "短信通知", {"purpose": "notification"}), (None, "通知短信", {"purpose": "notification"}),
        (None, "行业", {}), (None, "行业短信", {}), (None, "触发", {}), (None, "普通短信", {}), (None, "普通", {}),
        (None, "验证码、通知", {}), (None, "会销", {"purpose": "marketing"}), (None, "会员营销短信", {"purpose": "marketing"}),
        (None, "推广短信", {"purpose": "marketing"}), (None, "VERIFY_CODE_TYPE", {"purpose": "verification"}),
        (None, "NOTIFY_TYPE", {"purpose": "notification"}), (None, "PROMOTION_TYPE", {"purpose": "marketing"}),
        (None, "CommonVcode", {"purpose": "verification"}), (None, "AUTHENTICATION", {"purpose": "verification"}),
        (None, "UTILITY", {"purpose": "notification"}), (None, "OTP", {"purpose": "verification"}),
        (None, "国际/港澳台", {"region": "international"}), (None, "国际/港澳台短信", {"region": "international"}),
        (None, "国际验证码", {"region": "international", "purpose": "verification"}),
        (None, "国内短信", {"region": "mainland"}), (None, "國際", {"region": "international"}),
        (None, "驗證碼簡訊", {"purpose": "verification"}),
        ("tencent", "0", {}), ("tencent", "1", {"purpose": "marketing"}), ("tencent", "3", {"purpose": "verification"}),
        ("aliyun", "0", {"purpose": "verification"}), ("aliyun", "2", {"purpose": "marketing"}),
        ("aliyun", "3", {"region": "international"}), ("ucloud", "1", {"purpose": "verification"}),
    ],
)  # fmt: skip
def test_types_in_the_words_of_others(
    provider: str | None, word: str, read: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"内容,类型\n您好,{word}\n", encoding="utf-8")
    (row,), _ = noted(path, provider=provider)
    assert isinstance(row, Row), row
    assert row.data == {"body": "您好", **read}


@pytest.mark.parametrize(
    ("heading", "word", "read"),
    [
        ("签名来源", "企事业单位的全称或简称", {"source": "company"}),
        ("签名来源", "工信部备案网站的全称或简称", {"source": "website"}),
        ("签名来源", "APP应用的全称或简称", {"source": "app"}),
        ("签名来源", "公众号或小程序的全称或简称", {"source": "official_account"}),
        ("签名来源", "电商平台店铺名的全称或简称", {"source": "shop"}),
        ("签名来源", "商标名的全称或简称", {"source": "trademark"}),
        ("签名类型", "政府/机关事业单位/其他企事业单位", {"source": "government"}),
        ("签名类型", "通用", {}),
        ("签名类型", "验证码", {"purpose": "verification"}),
        ("SignSource", "公司", {"source": "company"}),
        ("签名用途", "自用", {"usage": "own"}),
        ("国内/国际", "国际/港澳台", {"region": "international"}),
        ("International", "1", {"region": "international"}),
        ("账户类型", "企业用户", {"account": {"type": "enterprise"}}),
        ("证明材料", "营业执照、授权委托书", {"documents": ["business_license", "authorization"]}),
        ("平台", "阿里", {"provider": "aliyun"}),
        ("平台", "Alibaba Cloud", {"provider": "aliyun"}),
        ("平台", "阿里云短信服务", {"provider": "aliyun"}),
    ],
)
def test_other_words_of_others(heading: str, word: str, read: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"签名,{heading}\n云雀,{word}\n", encoding="utf-8")
    assert data(path) == [{"signature": "云雀", **read}]


@pytest.mark.parametrize(("provider", "read"), [(None, {"provider": "aliyun"}), ("tencent", {})])
def test_a_template_code_of_alibaba_cloud_names_the_provider(
    provider: str | None, read: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("模板CODE,模板内容\nSMS_100,您好\n", encoding="utf-8")
    (row,), _ = noted(path, provider=provider)
    assert isinstance(row, Row)
    assert row.data == {"id": "SMS_100", "body": "您好", **read}


def test_a_number_that_a_data_frame_lacks_is_an_empty_cell(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"手机号": [13912345678.0, float("nan")], "内容": ["a", "b"]}), tmp_path / "a.parquet"
    )
    assert data(tmp_path / "a.parquet") == [{"recipients": ["13912345678"], "body": "a"}, {"body": "b"}]


def test_a_code_means_what_its_provider_means(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("供应商,内容,类型\n阿里云,a,1\n腾讯云,b,1\n华为,c,1\n", encoding="utf-8")
    found, _ = noted(path)
    assert [row.data["purpose"] for row in found[:2] if isinstance(row, Row) and isinstance(row.data, dict)] == [
        "notification", "marketing",
    ]  # fmt: skip
    assert "没有“1”这个值" in error(found[2])


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13912345678", ["13912345678"]),
        ("139 1234 5678", ["139 1234 5678"]),
        ("+86 139 1234 5678", ["+86 139 1234 5678"]),
        ("139-1234-5678", ["139-1234-5678"]),
        ("13912345678 13812345678", ["13912345678", "13812345678"]),
        ("+8613912345678 +8613812345678", ["+8613912345678", "+8613812345678"]),
        ("13912345678、13812345678;13712345678", ["13912345678", "13812345678", "13712345678"]),
        ("'13912345678", ["13912345678"]),
        ('"=""13912345678"""', ["13912345678"]),
        (13912345678, ["13912345678"]),
        (13912345678.0, ["13912345678"]),
    ],
)
def test_telephone_numbers(cell: str | float, numbers: list[str], tmp_path: Path) -> None:
    if isinstance(cell, str):
        path = tmp_path / "a.csv"
        path.write_text(f"手机号,内容\n{cell},您好\n", encoding="utf-8")
        assert data(path) == [{"recipients": numbers, "body": "您好"}]
        return
    assert data(write_xlsx(tmp_path / "a.xlsx", {"a": [["手机号", "内容"], [cell, "您好"]]})) == [
        {"recipients": numbers, "body": "您好"}
    ]
    pq.write_table(pa.table({"手机号": [cell], "内容": ["您好"]}), tmp_path / "a.parquet")
    assert data(tmp_path / "a.parquet") == [{"recipients": numbers, "body": "您好"}]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "1.39E+10",
            "“1.39E+10”被电子表格改成了科学计数法，号码已损坏；把该列设为文本格式，从原始数据重新填写",
        ),
        ("1.39123e+10", "号码已损坏"),
        ("13912345678.0", "被电子表格改成了小数，应为 13912345678"),
        ("#N/A", "电子表格的公式出错（#N/A）"),
    ],
)
def test_what_a_spreadsheet_damaged(cell: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"手机号,内容\n{cell},您好\n", encoding="utf-8")
    assert said in error(rows(path)[0])


@pytest.mark.parametrize(
    ("cell", "params"),
    [
        ("123456", ["123456"]),
        ('"123456,5"', ["123456", "5"]),
        ("123456；5", ["123456", "5"]),
        ("code=1234&name=云雀", {"code": "1234", "name": "云雀"}),
        ("#code#=1234", {"code": "1234"}),
        ('"[""1"", 2]"', ["1", 2]),
        ('"{""code"": ""1""}"', {"code": "1"}),
        (123456, ["123456"]),
    ],
)
def test_values_written_without_json(cell: str | int, params: object, tmp_path: Path) -> None:
    if isinstance(cell, str):
        path = tmp_path / "a.csv"
        path.write_text(f"内容,参数\n您好,{cell}\n", encoding="utf-8")
    else:
        path = write_xlsx(tmp_path / "a.xlsx", {"a": [["内容", "参数"], ["您好", cell]]})
    assert data(path) == [{"body": "您好", "params": params}]


@pytest.mark.parametrize(
    ("heading", "cell", "read"),
    [
        ("申请日期", "2026/1/5", {"as_of": "2026-01-05"}),
        ("申请日期", "2026年1月5日", {"as_of": "2026-01-05"}),
        ("申请日期", "2026-01-05 10:00:00", {"as_of": "2026-01-05"}),
        ("发送时间", "2026/1/5 9:05", {"sent_at": "2026-01-05T09:05:00"}),
        ("发送时间", "2026-01-05T10:00:00+08:00", {"sent_at": "2026-01-05T10:00:00+08:00"}),
        ("发送时间", datetime(2026, 1, 5, 9, 5), {"sent_at": "2026-01-05T09:05:00"}),  # noqa: DTZ001
    ],
)
def test_days_and_times(heading: str, cell: object, read: dict[str, str], tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"a": [["内容", heading], ["您好", cell]]})
    assert data(path) == [{"body": "您好", **read}]
