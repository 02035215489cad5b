"""The items in the list answers of the vendors' interfaces: how each is recognised, and what its keys mean.

Sources: the vendors' API references and the models of their SDKs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .list_format import ListFormat
from .words import Meaning

_TENCENT_STATES: Final = {"0": "approved", "1": "reviewing", "2": "waiting", "-1": "rejected"}
_ALIYUN_STATES: Final = {
    "AUDIT_STATE_INIT": "reviewing", "AUDIT_STATE_PASS": "approved", "AUDIT_STATE_NOT_PASS": "rejected",
    "AUDIT_STATE_CANCEL": "cancelled", "AUDIT_SATE_CANCEL": "cancelled",
    "0": "reviewing", "1": "approved", "2": "rejected", "10": "cancelled",
    "approving": "reviewing", "approved": "approved", "rejected": "rejected",
}  # fmt: skip
_HUAWEI_STATES: Final = {
    "Pending": "reviewing", "Reviewing": "reviewing", "Adopted": "approved", "Reject": "rejected",
    "Disable": "disabled", "PENDING_REVIEW": "reviewing", "PROCESSING": "reviewing",
    "REVIEW_PASSED": "approved", "REVIEW_NOT_PASS": "rejected", "TO_BE_ACTIVATED": "waiting",
    "PENDING_ACTIVATE": "waiting", "PENDING_QUALIFICATION_REVIEW": "reviewing",
}  # fmt: skip
_YUNPIAN_STATES: Final = {"CHECKING": "reviewing", "SUCCESS": "approved", "FAIL": "rejected"}
_META_STATES: Final = {
    "APPROVED": "approved", "PENDING": "reviewing", "IN_APPEAL": "reviewing", "REJECTED": "rejected",
    "PAUSED": "disabled", "DISABLED": "disabled",
}  # fmt: skip
_UCLOUD_STATES: Final = {
    "0": "reviewing", "1": "reviewing", "2": "approved", "3": "rejected", "4": "disabled",
}  # fmt: skip
_QINIU_STATES: Final = {"passed": "approved", "rejected": "rejected", "reviewing": "reviewing"}
_BAIDU_STATES: Final = {
    "SUBMITTED": "reviewing", "REJECTED": "rejected", "READY": "approved", "ABORTED": "cancelled", "DEPRECATED": "disabled",
}  # fmt: skip
_V5_STATES: Final = {"0": "approved", "1": "reviewing", "2": "rejected"}

_TENCENT_TEMPLATE: Final = {
    "TemplateId": "id", "TemplateContent": "body", "International": "region", "SmsType": "purpose", "Remark": "remark",
}  # fmt: skip
_TENCENT_SIGN: Final = {
    "SignId": "id", "SignName": "signature", "International": "region", "SignType": "source", "SignPurpose": "usage",
    "UsedMethod": "usage", "Remark": "remark",
}  # fmt: skip
_ALIYUN_TEMPLATE: Final = {
    "TemplateCode": "id", "TemplateContent": "body", "SignatureName": "signature", "RelatedSignName": "signature",
    "TemplateType": "purpose", "OuterTemplateType": "purpose", "Remark": "remark",
}  # fmt: skip
_ALIYUN_SIGN: Final = {
    "OrderId": "id", "SignName": "signature", "BusinessType": "purpose", "SignSource": "source", "ThirdParty": "usage",
    "Remark": "remark",
}  # fmt: skip
_ALIYUN_LIST_TYPES: Final[Mapping[str, Meaning]] = {
    "0": {"purpose": "notification"},
    "1": {"purpose": "marketing"},
    "2": {"purpose": "verification"},
    "3": {"region": "international"},
    "6": {"region": "international"},
    "7": {},
}
"""TemplateType in QuerySmsTemplateList, unlike in the other actions."""
_ALIYUN_OUTER_TYPES: Final[Mapping[str, Meaning]] = {
    "0": {"purpose": "verification"},
    "1": {"purpose": "notification"},
    "2": {"purpose": "marketing"},
    "3": {"region": "international"},
    "7": {},
}
_ALIYUN_SIGN_TYPES: Final[Mapping[str, Meaning]] = {"验证码": {"purpose": "verification"}, "通用": {}}
_HUAWEI_REGIONS: Final[Mapping[str, Meaning]] = {
    "cn": {"region": "mainland"},
    "intl": {"region": "international", "provider": "huawei-intl"},
}
_LANGUAGE_INTERNATIONAL: Final = {"region": "international"}

FORMATS: Final[Sequence[ListFormat]] = (
    ListFormat(
        "tencent",
        frozenset({"TemplateContent", "StatusCode"}),
        _TENCENT_TEMPLATE,
        frozenset({"DescribeTemplateStatusSet"}),
        states=_TENCENT_STATES,
    ),
    ListFormat(
        "tencent",
        frozenset({"SignName", "StatusCode"}),
        _TENCENT_SIGN,
        frozenset({"DescribeSignListStatusSet"}),
        states=_TENCENT_STATES,
    ),
    ListFormat(
        "aliyun",
        frozenset({"TemplateContent", "AuditStatus"}),
        _ALIYUN_TEMPLATE,
        frozenset({"SmsTemplateList"}),
        codes={"TemplateType": _ALIYUN_LIST_TYPES, "OuterTemplateType": _ALIYUN_OUTER_TYPES},
        states=_ALIYUN_STATES,
    ),
    ListFormat(
        "aliyun",
        frozenset({"SignName", "AuditStatus"}),
        _ALIYUN_SIGN,
        frozenset({"SmsSignList"}),
        codes={"BusinessType": _ALIYUN_SIGN_TYPES},
        states=_ALIYUN_STATES,
    ),
    # GetSmsTemplate and QuerySmsTemplate, GetSmsSign and QuerySmsSign.
    ListFormat(
        "aliyun", frozenset({"TemplateContent", "TemplateStatus"}), _ALIYUN_TEMPLATE, states=_ALIYUN_STATES
    ),
    ListFormat("aliyun", frozenset({"SignName", "SignStatus"}), _ALIYUN_SIGN, states=_ALIYUN_STATES),
    # Requests: AddSmsTemplate and AddSmsSign of Tencent Cloud, CreateSmsTemplate and CreateSmsSign of Alibaba Cloud.
    ListFormat("tencent", frozenset({"TemplateContent", "SmsType"}), _TENCENT_TEMPLATE, everyday=True),
    ListFormat("tencent", frozenset({"SignName", "DocumentType"}), _TENCENT_SIGN, everyday=True),
    ListFormat("aliyun", frozenset({"TemplateContent", "TemplateType"}), _ALIYUN_TEMPLATE, everyday=True),
    ListFormat("aliyun", frozenset({"SignName", "SignSource"}), _ALIYUN_SIGN, everyday=True),
    # Alibaba Cloud's message on the result of a review.
    ListFormat(
        "aliyun",
        frozenset({"template_content", "template_code"}),
        {"template_code": "id", "template_content": "body", "template_type": "purpose", "remark": "remark"},
        states=_ALIYUN_STATES,
    ),
    ListFormat(
        "huawei",
        frozenset({"template_content", "flow_status"}),
        {
            "id": "id",
            "template_id": "id",
            "template_content": "body",
            "template_type": "purpose",
            "region": "region",
            "signature_name": "signature",
            "sign_name": "signature",
            "template_desc": "remark",
        },
        codes={"region": _HUAWEI_REGIONS},
        states=_HUAWEI_STATES,
    ),
    ListFormat(
        "huawei",
        frozenset({"signature_name", "status"}),
        {
            "id": "id",
            "signature_id": "id",
            "signature_name": "signature",
            "signature_type": "purpose",
            "signature_source": "source",
            "is_involved_third": "usage",
            "region": "region",
            "apply_desc": "remark",
        },
        codes={"region": _HUAWEI_REGIONS},
        states=_HUAWEI_STATES,
    ),
    ListFormat(
        "yunpian",
        frozenset({"tpl_content"}),
        {"tpl_id": "id", "tpl_content": "body"},
        states=_YUNPIAN_STATES,
    ),
    ListFormat("yunpian", frozenset({"sign", "check_status"}), {"sign": "signature"}, states=_YUNPIAN_STATES),
    ListFormat("yunpian", frozenset({"sign", "apply_state"}), {"sign": "signature"}, states=_YUNPIAN_STATES),
    ListFormat(
        "whatsapp",
        frozenset({"components"}),
        {"id": "id", "components.BODY.text": "body", "category": "purpose"},
        frozenset({"waba_templates", "message_templates"}),
        states=_META_STATES,
        unread=("components.HEADER.text", "components.FOOTER.text"),
        fixed=_LANGUAGE_INTERNATIONAL,
    ),
    # Twilio's content templates for WhatsApp.
    ListFormat(
        "whatsapp",
        frozenset({"friendly_name", "types"}),
        {"sid": "id", "types.*.body": "body"},
        frozenset({"contents"}),
        fixed=_LANGUAGE_INTERNATIONAL,
    ),
    # Tencent Cloud before API 3.0: get_template, get_sign.
    ListFormat(
        "tencent",
        frozenset({"text", "status", "international", "type"}),
        {"id": "id", "text": "body", "international": "region", "type": "purpose"},
        codes={"type": {"0": {}, "1": {"purpose": "marketing"}}},
        states=_V5_STATES,
        everyday=True,
    ),
    ListFormat(
        "tencent",
        frozenset({"text", "status", "international"}),
        {"id": "id", "text": "signature", "international": "region"},
        states=_V5_STATES,
        everyday=True,
    ),
    ListFormat(
        "ucloud",
        frozenset({"Template", "TemplateId"}),
        {"TemplateId": "id", "Template": "body", "Purpose": "purpose", "Remark": "remark"},
        states=_UCLOUD_STATES,
        optout="UnsubscribeInfo",
    ),
    ListFormat(
        "ucloud",
        frozenset({"SigContent", "SigId"}),
        {"SigId": "id", "SigContent": "signature"},
        states=_UCLOUD_STATES,
    ),
    ListFormat(
        "baidu",
        frozenset({"content", "smsType"}),
        {
            "templateId": "id",
            "content": "body",
            "smsType": "purpose",
            "countryType": "region",
            "description": "remark",
        },
        states=_BAIDU_STATES,
    ),
    ListFormat(
        "baidu",
        frozenset({"content", "signatureId"}),
        {"signatureId": "id", "content": "signature", "countryType": "region"},
        states=_BAIDU_STATES,
    ),
    ListFormat(
        "qiniu",
        frozenset({"template", "audit_status"}),
        {
            "id": "id",
            "template": "body",
            "type": "purpose",
            "signature_text": "signature",
            "description": "remark",
        },
        states=_QINIU_STATES,
        everyday=True,
    ),
    ListFormat(
        "qiniu",
        frozenset({"signature", "audit_status"}),
        {"id": "id", "signature": "signature"},
        states=_QINIU_STATES,
        everyday=True,
    ),
    ListFormat(
        "jiguang",
        frozenset({"sign", "sign_id"}),
        {"sign_id": "id", "sign": "signature"},
        everyday=True,
        states=_V5_STATES,
    ),
)
"""Formats, tried in this order."""
