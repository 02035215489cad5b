"""The pages of submitters: status in words, necessary changes, history, an appeal and its outcome, a new submission."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import httpx

from .pages import HOSTILE, Browser, Markup
from .signed_in import Console
from .test_words import HAN

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role

DOUBTFUL = "您尾号{1}的信用卡{2}月账单已生成，本期应还{3}元，可在手机银行查看明细。"
REJECTED = "您的验证码为｛1｝，加微信领取资料，{2}分钟内有效。"
SECRETS = ("词表", "强度", "变形", "lexicon", "strength", "transform", "score")


def person(console: Console, name: str, role: Role) -> Any:
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.accounts.users import user_of

    console.browser(role, name)
    with console.store.database.reading() as connection:
        return user_of(connection.execute(users.select().where(users.c.name == name)).one())


def decide(
    console: Console, name: str, decision: str, message: str = "", overturn: str | None = None
) -> None:
    """Let somebody decide the newest case, and let the time to undo pass."""
    from smsvet_api.store.cases.choice import Choice
    from smsvet_api.store.cases.claiming import claim
    from smsvet_api.store.cases.deciding import decide as decide_case
    from smsvet_api.store.cases.tables import cases

    user = person(console, name, "reviewer")
    with console.store.database.reading() as connection:
        case = connection.execute(cases.select().order_by(cases.c.id.desc()).limit(1)).one()
    console.clock.forward(seconds=1)
    version = claim(console.store, user, case.id).version
    reasons = ("house/content",) if decision == "reject" else ()
    choice = Choice(decision, reasons, overturn, "内部备注：词表强度高", message)  # type: ignore[arg-type]
    decide_case(console.store, user, case.id, version, choice, f"request-{case.id}")
    console.clock.forward(seconds=16)


def shop(console: Console) -> Browser:
    return console.browser("submitter", "shop")


def words(page: str) -> str:
    """Return the visible text without blanks."""
    return re.sub(r"\s+", "", "".join(Markup(page).text))


def test_a_rejected_submission_says_what_to_change_and_nothing_internal(console: Console) -> None:
    number = console.submit(REJECTED, purpose="verification").json()["submission"]
    console.clock.forward(seconds=1)
    listed = shop(console).get("/submissions").text
    assert f'href="/submissions/{number}"' in listed
    assert "未通过" in listed
    page = shop(console).get(f"/submissions/{number}").text
    for part in ("需要修改", "怎样修改", "可改为", "{1}", "条款", "自动审核"):
        assert part in page
    assert not [word for word in SECRETS if word in words(page)]
    with_rules = shop(console).get(f"/submissions/{number}").text
    assert "contact/" not in with_rules, "rules are internal"


def test_the_status_follows_the_decision_once_it_is_final(console: Console) -> None:
    number = console.submit(DOUBTFUL).json()["submission"]
    path = f"/submissions/{number}"
    assert "审核中" in words(shop(console).get(path).text)
    decide(console, "lin", "reject", "请删除催缴内容")
    page = words(shop(console).get(path).text)
    for part in ("未通过", "请删除催缴内容", "转人工审核", "审核员"):
        assert part in page
    assert "内部备注" not in page
    assert "请删除催缴内容" in shop(console).get("/submissions?status=rejected").text
    assert "没有符合的提交" in shop(console).get("/submissions?status=approved").text


def test_an_appeal_is_made_once_and_shows_its_outcome(console: Console) -> None:
    number = console.submit(DOUBTFUL).json()["submission"]
    path = f"/submissions/{number}"
    assert "提交申诉" not in shop(console).get(path).text
    decide(console, "lin", "reject")
    page = shop(console).get(path).text
    form = {"csrf": shop(console).token(page), "text": " "}
    empty = shop(console).post(f"{path}/appeal", form)
    assert empty.status_code == 422
    assert "请写明理由" in empty.text
    sent = shop(console).post(f"{path}/appeal", form | {"text": "这是账单通知，不是催缴"})
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    page = shop(console).get(path).text
    for part in ("申诉已提交", "这是账单通知，不是催缴", "另一位审核员正在重新审核", "审核中"):
        assert part in page
    assert "提交申诉" not in page
    assert shop(console).post(f"{path}/appeal", form | {"text": "再来"}).status_code == 409
    decide(console, "wu", "approve")
    page = words(shop(console).get(path).text)
    assert "申诉成立，提交已通过" in page
    assert page.index("申诉您") < page.rindex("通过审核员")


def test_an_appeal_can_be_in_vain(console: Console) -> None:
    number = console.submit(DOUBTFUL).json()["submission"]
    decide(console, "lin", "reject")
    path = f"/submissions/{number}"
    form = {"csrf": shop(console).token(shop(console).get(path).text), "text": "请复核"}
    shop(console).post(f"{path}/appeal", form)
    decide(console, "wu", "reject")
    page = words(shop(console).get(path).text)
    assert "复核后维持原结论" in page
    assert "可以申诉一次" not in page


def send(console: Console, **fields: str) -> httpx.Response:
    page = shop(console).get("/submissions/new").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    form = {"csrf": shop(console).token(page), "token": token[1], "kind": "template", "provider": "tencent"}
    return shop(console).post("/submissions/new", form | {"purpose": "notification"} | fields)


def test_a_text_is_submitted_by_the_form_once(console: Console) -> None:
    sent = send(console, content=DOUBTFUL, token="0123456789abcdef")
    assert sent.status_code == 303
    again = send(console, content=DOUBTFUL, token="0123456789abcdef")
    assert again.headers["location"] == sent.headers["location"]
    page = shop(console).get(sent.headers["location"]).text
    assert "已提交" in page
    assert "本期应还" in page
    assert "page-0123456789abcdef" in page
    assert "page-0123456789abcdef" in shop(console).get("/submissions?id=page-0123456789abcdef").text


def test_the_form_names_what_is_missing_and_keeps_the_text(console: Console) -> None:
    for fields, sentence in (
        ({"content": " "}, "请填写内容"),
        ({"content": "您好", "purpose": ""}, "请选择用途"),
        ({"content": "x" * 20_001}, "不得超过"),
        ({"content": "您好", "provider": "nobody"}, "provider"),
    ):
        answer = send(console, **fields)
        assert answer.status_code == 422, fields
        assert sentence in answer.text
        assert html.escape(fields["content"].strip()[:20]) in answer.text
    assert "还没有提交" in shop(console).get("/submissions").text


def test_the_empty_list_tells_the_call_of_the_api(console: Console) -> None:
    page = html.unescape(shop(console).get("/submissions").text)
    assert "还没有提交" in page
    assert "curl -X POST http://localhost/v1/submissions" in page
    assert '"provider": "tencent"' in page
    assert 'href="/submissions/new"' in page


def test_many_submissions_have_pages(console: Console) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.submissions.tables import submissions

    console.submit(DOUBTFUL)
    with console.store.database.transaction() as connection:
        row = connection.execute(sa.select(submissions)).one()._mapping
        copied = {name: value for name, value in row.items() if name != "id"}
        connection.execute(submissions.insert(), [copied | {"client_id": f"copy-{n}"} for n in range(40)])
    page = shop(console).get("/submissions").text
    assert page.count("data-row ") + page.count("data-row>") == 30
    following = re.search(r'href="(/submissions\?[^"]*)" rel="next"', page)
    assert following is not None
    rest = shop(console).get(html.unescape(following[1])).text
    assert "本页 11 份" in rest
    assert shop(console).get("/submissions?cursor=nonsense").status_code == 303


def test_each_submitter_sees_the_own_ones_and_other_roles_none(console: Console) -> None:
    number = console.submit(DOUBTFUL).json()["submission"]
    rival = console.browser("submitter", "rival")
    assert rival.get(f"/submissions/{number}").status_code == 404
    form = {"csrf": rival.token(rival.get("/submissions/new").text), "text": "不是我的"}
    assert rival.post(f"/submissions/{number}/appeal", form).status_code == 404
    roles: tuple[Role, ...] = ("reviewer", "lead", "rule_manager", "auditor", "admin")
    for role in roles:
        other = console.browser(role)
        token = other.token(other.get("/password").text)
        for path in ("/submissions", "/submissions/new", f"/submissions/{number}"):
            assert other.get(path).status_code == 403, (role, path)
        assert other.post("/submissions/new", {"csrf": token, "content": "x"}).status_code == 403
    assert shop(console).get("/submissions/99999").status_code == 404


def test_a_deleted_text_leaves_the_status(console: Console) -> None:
    from smsvet_api.store.submissions.tables import submissions, verdicts

    number = console.submit(REJECTED, purpose="verification").json()["submission"]
    with console.store.database.transaction() as connection:
        connection.execute(submissions.update().values(document=None))
        connection.execute(verdicts.update().values(document=None))
    page = shop(console).get(f"/submissions/{number}").text
    assert "未通过" in page
    assert "文本已按期删除" in page
    assert "提交申诉" not in page
    assert shop(console).get("/submissions").status_code == 200


def test_hostile_texts_stay_texts(console: Console) -> None:
    body = "\n".join(HOSTILE).replace("\x00", "")
    number = console.submit(body).json()["submission"]
    console.clock.forward(seconds=1)
    for text in HOSTILE:
        console.submit(text, id=f"id {text[:40]}".replace("\x00", ""))
    pages = shop(console).get("/submissions").text
    pages += shop(console).get(f"/submissions/{number}").text
    refused = send(console, content=HOSTILE[2], purpose="", signature=HOSTILE[1])
    pages += refused.text
    tags = Markup(pages).tags
    assert [tag for tag, known in tags if tag == "img" or (tag == "script" and "src" not in known)] == []
    assert not [name for _, known in tags for name in known if name.startswith("on") or name == "style"]
    assert not set(pages) & {"\u202e", "\u2066", "\ufeff", "\x00", "\x1b"}


def test_pages_are_in_one_language(console: Console) -> None:
    number = console.submit(DOUBTFUL).json()["submission"]
    decide(console, "lin", "reject")
    path = f"/submissions/{number}"
    english = Browser(console.app)
    english.cookies |= {**shop(console).cookies, "smsvet_lang": "en"}
    for page in (path, "/submissions", "/submissions/new", "/submissions?status=approved"):
        own = [part for part in Markup(english.get(page).text).own if HAN.search(part)]
        assert [
            part for part in own if "应还" not in part and "您已支付" not in part
        ] == []  # quoted by the rule
