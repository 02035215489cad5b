"""Fills in and sends the forms of a page, as a browser without script does."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from .pages import Browser


@dataclass
class Form:
    """A form with the values that its fields have, and its buttons: name, value and address."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page. Fields outside their form name it by its id."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._named: dict[str, Form] = {}
        self._later: list[tuple[str, str, dict[str, Any]]] = []
        self._inside: Form | None = None
        self._text: tuple[dict[str, Any], list[str]] | None = None
        self._select: dict[str, Any] | None = None
        self.feed(page)
        for tag, value, attributes in self._later:
            self._add(self._named[attributes["form"]], tag, value, attributes)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        known = dict(attrs)
        if tag == "form":
            self._inside = Form(known["action"], known["method"])
            self.forms.append(self._inside)
            self._named[known.get("id", "")] = self._inside
        elif tag == "textarea":
            self._text = (known, [])
        elif tag == "select":
            self._select = known | {"first": True}
        elif tag == "option" and self._select is not None:
            if "selected" in known or self._select["first"]:
                self._select |= {"value": known.get("value", ""), "first": False}
        elif tag == "input" or (tag == "button" and known.get("type") != "button"):
            if known.get("type") in ("checkbox", "radio") and "checked" not in known:
                return
            self._put(tag, known.get("value") or "", known)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "textarea" and self._text is not None:
            known, parts = self._text
            self._put("textarea", "".join(parts).removeprefix("\n"), known)
            self._text = None
        elif tag == "select" and self._select is not None:
            self._put("select", self._select.get("value", ""), self._select)
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def _put(self, tag: str, value: str, known: dict[str, Any]) -> None:
        if known.get("form"):
            self._later.append((tag, value, known))
        elif self._inside is not None:
            self._add(self._inside, tag, value, known)

    @staticmethod
    def _add(form: Form, tag: str, value: str, known: dict[str, Any]) -> None:
        name = known.get("name") or ""
        if tag == "button":
            form.buttons.append((name, value, known.get("formaction") or form.action))
        elif name:
            form.values.append((name, value))


def press(browser: Browser, page: str, action: str, button: str = "", **changed: Any) -> httpx.Response:
    """Press the button that sends a form to an address ending in `action`, and return the response.

    `button` is the value of the button, `changed` replaces fields: a list has several values, None sends none. Raises
    LookupError without such a button.
    """
    for form in Forms(page).forms:
        for name, value, address in form.buttons:
            if address.endswith(action) and button in ("", value):
                values: dict[str, Any] = {}
                for key, one in form.values:
                    values.setdefault(key, []).append(one)
                values |= {key: one for key, one in changed.items() if one is not None}
                for key, one in changed.items():
                    if one is None:
                        values.pop(key, None)
                if name:
                    values[name] = value
                return browser.post(address, values)
    raise LookupError(action)


def follow(browser: Browser, response: httpx.Response) -> httpx.Response:
    """Return the page to which a form led."""
    assert response.status_code == 303, response.text
    return browser.get(response.headers["location"])
