"""List answers of the vendors' interfaces: whole, bare, in lines and as tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smsvet_api.files.inputs import read_rows
from smsvet_api.files.rows import InputError, Row, Unreadable

TENCENT = {
    "TemplateId": 1110, "International": 0, "StatusCode": -1, "ReviewReply": "不合规", "TemplateName": "登录",
    "CreateTime": 1767225600, "TemplateContent": "您的登录验证码为{1}。",
}  # fmt: skip
ALIYUN = {
    "TemplateCode": "SMS_1", "TemplateName": "登录", "TemplateType": 2, "AuditStatus": "AUDIT_STATE_PASS",
    "TemplateContent": "您的验证码为${code}。", "CreateDate": "2026-06-08 16:44:42", "Reason": {"RejectInfo": ""},
}  # fmt: skip
HUAWEI = {
    "id": "u", "template_id": "t1", "template_name": "登录", "template_content": "您的验证码是${1}。",
    "template_type": "VERIFY_CODE_TYPE", "flow_status": "Adopted", "region": "cn",
}  # fmt: skip
YUNPIAN = {"tpl_id": 7, "tpl_content": "【云雀】您的验证码是#code#。", "check_status": "FAIL", "reason": "x"}
WHATSAPP = {
    "name": "order", "language": "en_US", "status": "APPROVED", "category": "UTILITY", "id": "9",
    "components": [{"type": "HEADER", "format": "TEXT", "text": "Order"}, {"type": "BODY", "text": "Hi {{1}}, thanks."}],
}  # fmt: skip
TENCENT_READ = {"provider": "tencent", "id": "1110", "region": "mainland", "body": "您的登录验证码为{1}。"}
ALIYUN_READ = {
    "provider": "aliyun",
    "id": "SMS_1",
    "purpose": "verification",
    "body": "您的验证码为${code}。",
}
HUAWEI_READ = {
    "provider": "huawei", "id": "t1", "purpose": "verification", "region": "mainland", "body": "您的验证码是${1}。",
}  # fmt: skip
YUNPIAN_READ = {"provider": "yunpian", "id": "7", "signature": "云雀", "body": "您的验证码是#code#。"}
WHATSAPP_READ = {
    "provider": "whatsapp", "region": "international", "id": "9", "purpose": "notification", "body": "Hi {{1}}, thanks.",
}  # fmt: skip


def read_file(path: Path) -> tuple[list[Row | Unreadable], list[str]]:
    notes: list[str] = []
    found = list(read_rows(str(path), "zh", {}, note=notes.append))
    return found, [note.removeprefix(f"{path}：") for note in notes]


def write(folder: Path, value: Any, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"Response": {"DescribeTemplateStatusSet": [TENCENT], "RequestId": "r"}}, TENCENT_READ),
        ({"DescribeTemplateStatusSet": [TENCENT], "RequestId": "r"}, TENCENT_READ),
        ([TENCENT], TENCENT_READ),
        (TENCENT, TENCENT_READ),
        ([{"Response": {"DescribeTemplateStatusSet": [TENCENT]}}], TENCENT_READ),
        ({**TENCENT, "International": 1}, {**TENCENT_READ, "region": "international"}),
        (
            {"Response": {"DescribeSignListStatusSet": [{"SignId": 5, "SignName": "云雀", "StatusCode": 0, "International": 0}]}},
            {"provider": "tencent", "id": "5", "signature": "云雀", "region": "mainland"},
        ),
        ({"SmsTemplateList": [ALIYUN], "Code": "OK", "TotalCount": 1}, ALIYUN_READ),
        ({"headers": {}, "statusCode": 200, "body": {"SmsTemplateList": [ALIYUN], "Code": "OK"}}, ALIYUN_READ),
        ({"body": {"SmsTemplateList": [ALIYUN]}}, ALIYUN_READ),
        ({"body": {"smsTemplateList": [{key[0].lower() + key[1:]: ALIYUN[key] for key in ALIYUN}]}}, ALIYUN_READ),
        ({"Code": "OK", "Data": {"List": [ALIYUN], "Total": 1}}, ALIYUN_READ),
        ({**ALIYUN, "TemplateType": 0}, {**ALIYUN_READ, "purpose": "notification"}),
        ({**ALIYUN, "TemplateType": 0, "OuterTemplateType": 0}, ALIYUN_READ),
        ({**ALIYUN, "TemplateType": 1}, {**ALIYUN_READ, "purpose": "marketing"}),
        (
            {**ALIYUN, "TemplateType": 6},
            {"provider": "aliyun", "id": "SMS_1", "region": "international", "body": "您的验证码为${code}。"},
        ),
        (
            {"Code": "OK", "TemplateCode": "SMS_1", "TemplateContent": "a", "TemplateType": "0", "TemplateStatus": "1"},
            {"provider": "aliyun", "id": "SMS_1", "body": "a", "purpose": "verification"},
        ),
        (
            {"SmsSignList": [{"SignName": "云雀", "AuditStatus": "AUDIT_STATE_INIT", "BusinessType": "通用", "OrderId": "1"}]},
            {"provider": "aliyun", "id": "1", "signature": "云雀"},
        ),
        (
            {"SignName": "云雀", "SignStatus": 1, "SignSource": 4, "ThirdParty": False},
            {"provider": "aliyun", "signature": "云雀", "source": "shop", "usage": "own"},
        ),
        (
            {"TemplateContent": "a", "SmsType": 1, "International": 0, "Remark": "说明"},
            {"provider": "tencent", "body": "a", "purpose": "marketing", "region": "mainland", "remark": "说明"},
        ),
        (
            {"TemplateContent": "a", "TemplateType": 1, "RelatedSignName": "云雀"},
            {"provider": "aliyun", "body": "a", "purpose": "notification", "signature": "云雀"},
        ),
        ({"results": [HUAWEI], "total": 1}, HUAWEI_READ),
        ({**HUAWEI, "region": "intl"}, {**HUAWEI_READ, "region": "international", "provider": "huawei-intl"}),
        (
            {"results": [{"signature_name": "云雀", "status": "REVIEW_PASSED", "signature_source": "0", "id": "s"}]},
            {"provider": "huawei", "id": "s", "signature": "云雀", "source": "company"},
        ),
        ([YUNPIAN], YUNPIAN_READ),
        (YUNPIAN, YUNPIAN_READ),
        (
            {**YUNPIAN, "tpl_content": "【#company#】您的验证码是#code#。"},
            {"provider": "yunpian", "id": "7", "body": "【#company#】您的验证码是#code#。"},
        ),
        (
            {"code": 0, "total": 1, "sign": [{"sign": "【云雀】", "check_status": "SUCCESS", "enabled": True}]},
            {"provider": "yunpian", "signature": "云雀"},
        ),
        ({"data": [WHATSAPP], "paging": {"cursors": {"before": "x", "after": "y"}}}, WHATSAPP_READ),
        ({"waba_templates": [WHATSAPP]}, WHATSAPP_READ),
        ([WHATSAPP], WHATSAPP_READ),
        ({**WHATSAPP, "category": "AUTHENTICATION"}, {**WHATSAPP_READ, "purpose": "verification"}),
        (
            {"contents": [{"sid": "HX1", "friendly_name": "a", "types": {"twilio/text": {"body": "Hi {{1}}"}}}], "meta": {}},
            {"provider": "whatsapp", "region": "international", "id": "HX1", "body": "Hi {{1}}"},
        ),
        (
            {"result": 0, "data": [{"id": 1, "text": "a", "type": 0, "status": 0, "international": 0, "title": "t"}]},
            {"provider": "tencent", "id": "1", "body": "a", "region": "mainland"},
        ),
        (
            {"result": 0, "data": [{"id": 1, "text": "云雀", "status": 0, "international": 0, "reply": ""}]},
            {"provider": "tencent", "id": "1", "signature": "云雀", "region": "mainland"},
        ),
        (
            {"RetCode": 0, "Data": {"TemplateId": "U1", "Template": "a", "Purpose": 3, "UnsubscribeInfo": "拒收请回复R"}},
            {"provider": "ucloud", "id": "U1", "body": "a拒收请回复R", "purpose": "marketing"},
        ),
        (
            {"templateId": "b1", "content": "a", "smsType": "CommonSale", "countryType": "DOMESTIC", "status": "READY"},
            {"provider": "baidu", "id": "b1", "body": "a", "purpose": "marketing", "region": "mainland"},
        ),
        (
            {"items": [{"id": "q", "template": "a", "audit_status": "passed", "type": "verification"}], "total": 1},
            {"provider": "qiniu", "id": "q", "body": "a", "purpose": "verification"},
        ),
        ({"body": "a", "id": "1"}, {"body": "a", "id": "1"}),
        ([{"body": "a"}], {"body": "a"}),
    ],
)  # fmt: skip
def test_an_answer_is_read_in_the_words_of_its_vendor(
    answer: object, expected: object, tmp_path: Path
) -> None:
    (row,), _ = read_file(write(tmp_path, answer))
    assert isinstance(row, Row), row
    assert row.data == expected


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"Response": {"Error": {"Code": "AuthFailure", "Message": "denied"}, "RequestId": "r"}}, "服务商返回的错误，没有可审核的内容：AuthFailure denied"),
        ({"Code": "isv.BAD", "Message": "no", "RequestId": "r"}, "isv.BAD no"),
        ({"error": {"message": "Invalid token", "code": 190}}, "190 Invalid token"),
        ({"code": 5, "msg": "wrong", "http_status_code": 400}, "5 wrong"),
        ({"Response": {"DescribeTemplateStatusSet": [], "RequestId": "r"}}, "没有任何提交"),
        ({"SmsTemplateList": [], "Code": "OK"}, "没有任何提交"),
        ({"body": {"smsTemplateList": []}}, "没有任何提交"),
    ],
)  # fmt: skip
def test_an_answer_without_items_is_an_error(answer: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read_file(write(tmp_path, answer))


def test_states_are_in_words_and_other_keys_named_once(tmp_path: Path) -> None:
    (first, second), notes = read_file(write(tmp_path, [TENCENT, TENCENT]))
    keys = "StatusCode、ReviewReply、TemplateName、CreateTime"
    assert notes == [f"不是审核字段、原样保留的键：{keys}"]
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert list(first.cells) == list(TENCENT)
    assert first.other == second.other
    assert first.other["StatusCode"] == "未通过"


@pytest.mark.parametrize(
    ("item", "key", "state"),
    [
        (ALIYUN, "AuditStatus", "已通过"), (HUAWEI, "flow_status", "已通过"), (YUNPIAN, "check_status", "未通过"),
        (WHATSAPP, "status", "已通过"),
    ],
)  # fmt: skip
def test_each_vendor_has_states(item: object, key: str, state: str, tmp_path: Path) -> None:
    (row,), _ = read_file(write(tmp_path, [item]))
    assert row.cells[key] == state


def test_texts_that_are_not_reviewed_are_named(tmp_path: Path) -> None:
    (row,), (note,) = read_file(write(tmp_path, {"data": [WHATSAPP]}))
    assert isinstance(row, Row)
    assert row.other["components.HEADER.text"] == "Order"
    assert "components.HEADER.text" in note


def test_an_unknown_code_is_noted_and_the_field_left_out(tmp_path: Path) -> None:
    (row, _), notes = read_file(write(tmp_path, [{**ALIYUN, "TemplateType": 99}] * 2))
    assert isinstance(row, Row)
    assert row.data == {key: value for key, value in ALIYUN_READ.items() if key != "purpose"}
    assert sum("不认识的值 TemplateType=99，purpose 按未提供处理" in note for note in notes) == 1


def test_an_item_without_its_text_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    old = {key: value for key, value in TENCENT.items() if key != "TemplateContent"}
    answer = {"Response": {"DescribeTemplateStatusSet": [old, TENCENT, "x"]}}
    (first, second, third), _ = read_file(write(tmp_path, answer))
    assert isinstance(first, Unreadable)
    assert (first.line, first.id, first.error) == (1, "1110", "没有 TemplateContent，无可审核")
    assert isinstance(second, Row)
    assert isinstance(third, Unreadable)


def test_lines_hold_items_or_answers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        json.dumps(one, ensure_ascii=False) for one in (ALIYUN, {"results": [HUAWEI, HUAWEI]}, {"body": "a"})
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    found, _ = read_file(path)
    assert [(row.line, row.data) for row in found if isinstance(row, Row)] == [
        (1, ALIYUN_READ), (2, HUAWEI_READ), (2, HUAWEI_READ), (3, {"body": "a"}),
    ]  # fmt: skip


def test_a_table_of_a_vendors_keys_has_the_codes_of_its_list(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "TemplateCode,TemplateName,TemplateContent,TemplateType,AuditStatus\nSMS_1,登录,您的验证码为${code}。,2,AUDIT_STATE_PASS\n",
        encoding="utf-8",
    )
    (row,), _ = read_file(path)
    assert isinstance(row, Row)
    assert (row.line, row.data) == (2, ALIYUN_READ)
    assert row.other == {"TemplateName": "登录", "AuditStatus": "已通过"}


@pytest.mark.parametrize(
    ("headings", "read"),
    [
        ("TemplateContent,TemplateType", {"body": "a", "purpose": "notification"}),
        ("template_content,template_type", {"body": "a", "purpose": "notification"}),
        ("SignName,SmsType", {"signature": "a", "purpose": "notification"}),
    ],
)
def test_everyday_headings_are_of_no_vendor(headings: str, read: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{headings}\na,通知\n", encoding="utf-8")
    (row,), _ = read_file(path)
    assert isinstance(row, Row)
    assert row.data == read


def test_a_misspelt_key_of_ours_is_no_list_item(tmp_path: Path) -> None:
    (row,), _ = read_file(write(tmp_path, {"bdy": "a", "signature": "云雀"}))
    assert row == Row(1, {"bdy": "a", "signature": "云雀"})
