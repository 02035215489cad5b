"""Innocent notices that only seem to contain a banned word, and texts that do contain it."""

from __future__ import annotations

from datetime import date

import pytest

from smsvet import Decision, Finding, Reviewer, Submission

# The word, and a notice with a phrase of the review standards' section 9.2 that contains it.
SUBSTRING_TRAPS = [
    ("中奖", "年度先进集中奖励名单已公布，请登录系统查看。"),
    ("加群", "感谢您参加群众活动，签到时间为{1}。"),
    ("返现", "接送班车将往返现场，发车时间为{1}。"),
    ("套现", "您申报的配套现代农业项目{1}已受理。"),
    ("开发票", "公司正在开发票务系统，{1}起可在线改签。"),
    ("会所", "职工大会所有代表请于{1}签到。"),
    ("期货", "您的到期货物{1}请及时提取。"),
    ("留学", "您的保留学籍申请{1}已通过。"),
    ("助考", "工作人员将协助考生入场，请于{1}前到达。"),
    ("代考", "您预约的现代考古展参观时间为{1}。"),
    ("代写", "您借阅的《当代写作》将于{1}到期。"),
    ("上分", "以上分类已调整，请于{1}前核对。"),
    ("下款", "以下款项已到账：{1}元。"),
    ("下注", "以下注意事项请知悉：{1}号楼停水。"),
    ("游行", "您的旅游行程{1}已确认。"),
    ("色情", "特色情怀馆参观预约成功，时间为{1}。"),
    ("传教", "宣传教育活动将于{1}举行，请准时参加。"),
    ("教会", "客服将教会您使用设备，上门时间为{1}。"),
    ("招商", "您的招商银行储蓄卡尾号{1}已绑定成功。"),
    ("法会", "计算方法会更新，生效日期为{1}。"),
    ("征信", "系统已更新人脸特征信息，更新时间为{1}。"),
    ("面试", "新系统将于{1}起全面试运行。"),
    ("移民", "您反映的问题已转移民警处理，编号{1}。"),
    ("交友", "您的提交友情链接申请{1}已受理。"),
    ("保单", "担保单位已盖章，文件编号{1}。"),
    ("外汇", "部门将统一对外汇总数据，截止时间为{1}。"),
    ("空包", "您的航空包裹{1}已到达。"),
    ("刷单", "印刷单位已更换，取件码{1}。"),
    ("上访", "网上访问预约成功，时间为{1}。"),
    ("维权", "您的运维权限申请{1}已通过。"),
    ("原单", "系统可还原单据，单号{1}。"),
    ("信托", "通信托管服务器{1}已恢复。"),
    ("开光", "您借阅的公开光盘{1}即将到期。"),
    ("展会", "本店将于{1}开展会员日活动筹备会议，请店员到岗。"),
    ("会展", "比赛将提供机会展示作品，截稿时间为{1}。"),
    ("建材", "申请书的构建材料{1}已收到。"),
    ("打新", "请拨打新号码联系物业，工单{1}。"),
    ("调解", "您的空调解锁成功，设备编号{1}。"),
    ("回收", "请返回收银台核对，小票号{1}。"),
    ("票据", "报销的发票与支票据实填写，单号{1}。"),
    ("办证", "市图书馆举办证书颁发仪式，时间为{1}。"),
    ("刻章", "雕刻章节已更新，课时编号{1}。"),
    ("约会", "您预约会议室成功，时间为{1}。"),
    ("同城", "两地共同城市规划公示，查询编号{1}。"),
    ("学区", "入学区域查询结果已更新，编号{1}。"),
    ("挂机", "悬挂机床配件{1}已发货。"),
    ("年检", "青少年检查视力预约成功，时间为{1}。"),
    ("积分", "乘积分析报告{1}已生成。"),
    ("杀", "您的秒杀订单{1}已发货。"),
    ("直播", "垂直播种机{1}已发货。"),
    ("美容", "健美容量测试预约成功，时间为{1}。"),
    ("一夜", "一夜之间气温骤降，校车发车改为{1}。"),
]

# The word occurs as a whole word in an innocent notice.
CONTEXT_TRAPS = [
    ("移动端", "订单{1}可在移动端查看进度。"),
    ("移动支付", "您的移动支付已成功，金额{1}元。"),
    ("联通", "两栋楼之间的通道已联通，开放时间为{1}。"),
    ("黄金周", "黄金周期间营业时间调整为{1}。"),
    ("黄金会员", "您已升级为黄金会员，有效期至{1}。"),
    ("白银市", "您寄往白银市的快递{1}已签收。"),
    ("酒店", "您预订的酒店已确认，入住日期{1}。"),
    ("烟台", "您前往烟台的列车{1}即将检票。"),
    ("保险柜", "您寄存的保险柜编号{1}，请妥善保管。"),
    ("成人票", "您已成功购买成人票{1}张。"),
    ("第一次", "这是您第一次登录本系统，登录时间{1}。"),
    ("最近", "距您最近的自提点为{1}。"),
    ("最晚", "请最晚于{1}前到店取件。"),
    ("最新版本", "系统已更新至最新版本{1}。"),
    ("电子发票", "电子发票已开具，请登录个人中心下载。"),
    ("退还款项", "退还款项已原路返回，金额{1}元。"),
    ("彩铃", "您设置的彩铃已生效，生效时间{1}。"),
    ("茶歇", "会议茶歇时间为{1}，地点在二楼。"),
    ("4G", "设备{1}的4G网络已断开，请检查。"),
    ("5G", "设备{1}的5G网络已恢复。"),
    ("积分到账", "您的会员积分到账{1}分。"),
]

# The word, and a text that uses it in earnest.
VIOLATIONS = [
    ("下注", "真人荷官在线发牌，平台下注最高返水，赌场信誉保证", "content/gambling"),
    ("上分", "菠菜平台上分返水，葡京信誉老店", "content/gambling"),
    ("中奖", "恭喜您被抽为幸运用户，中奖十万元，请领取大奖", "content/prize-draw"),
    ("套现", "信用卡套现，费率低秒到账", "content/credit-card"),
    ("下款", "无抵押贷款，当天下款，利息低", "content/loan"),
    ("期货", "期货配资，专业操盘喊单，跟单稳赚", "content/stock"),
    ("代写", "代写论文，包过查重，价格优惠", "content/exam-cheating"),
    ("助考", "专业助考替考，保证包过", "content/exam-cheating"),
    ("刷单", "招聘刷单兼职，日赚三百，佣金秒结", "content/brushing"),
    ("会所", "高端会所新到男模公主，欢迎莅临", "content/nightlife"),
    ("加群", "想赚钱的朋友加群，加微信abc12345领取资料", "content/social-contact"),
    ("开光", "大师开光法器，放生礼佛结善缘", "content/religion"),
    ("移民", "投资移民，快速办理绿卡永居", "content/immigration"),
    ("办证", "刻章办证，各类证件当天出证", "content/fake-papers"),
    ("征信", "征信修复，洗白征信黑名单", "content/credit-report"),
    ("交友", "同城交友平台，海量单身男女等你脱单，征婚相亲请加微信abc12345", "content/dating"),
    ("代开发票", "代开发票，点数低", "content/invoice"),
    ("招商", "项目招商加盟，诚招城市合伙人", "content/franchise"),
]


def said(reviewer: Reviewer, body: str, provider: str = "tencent") -> list[Finding]:
    """Return the content findings that keep a notice from approval."""
    submission = Submission(body=body, purpose="notification", provider=provider, as_of=date(2026, 11, 22))
    verdict = reviewer.review(submission)
    assert verdict.faults == ()
    return [found for found in verdict.findings if found.category and found.decision > Decision.APPROVE]


@pytest.mark.parametrize(("word", "body"), SUBSTRING_TRAPS + CONTEXT_TRAPS)
def test_a_benign_notice_passes(word: str, body: str, reviewer: Reviewer) -> None:
    assert word in body
    assert [(found.rule, found.text) for found in said(reviewer, body)] == []


@pytest.mark.parametrize(("word", "body"), SUBSTRING_TRAPS + CONTEXT_TRAPS)
def test_a_benign_notice_passes_at_other_providers(word: str, body: str, reviewer: Reviewer) -> None:
    """The other providers' verdicts agree with the first; `{1}` is UCloud's syntax too."""
    assert [(found.rule, found.text) for found in said(reviewer, body, "ucloud")] == []


def test_an_interview_code_for_a_hiring_app_passes(reviewer: Reviewer) -> None:
    submission = Submission(body="您的面试登录验证码是{1}，{2}分钟内有效。", purpose="verification")
    assert reviewer.review(submission).decision is Decision.APPROVE


@pytest.mark.parametrize(("word", "body", "rule"), VIOLATIONS)
def test_a_text_that_uses_the_word_in_earnest_is_held(
    word: str, body: str, rule: str, reviewer: Reviewer
) -> None:
    assert word in body
    assert rule in {found.rule for found in said(reviewer, body)}
