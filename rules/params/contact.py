"""Telephone numbers and addresses in values meant for something else. Other rules cover QQ and WeChat."""

from collections.abc import Iterator

from smsvet import Document, Hit, fillings, inferred_attribute

MEANT = {"phone", "phone_number", "phone_number2", "email", "email_address", "other_number", "other_number2"}


def check(document: Document) -> Iterator[Hit]:
    """Yield each contact in a value whose attribute, declared or clear from the template, is not a contact."""
    for one in fillings(document):
        text = document.texts.get(one.span.field)
        attribute = (one.attribute or inferred_attribute(one.before, one.after) or "").lower()
        if text is None or attribute in MEANT or attribute == "chardigit":
            continue
        for contact in text.contacts:
            if contact.kind not in ("qq", "group", "wechat"):
                yield Hit(contact.span, {"key": one.key})
