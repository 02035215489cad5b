"""Warnings against a crime are approved; an offer is flagged in spite of a warning in the same text."""

from __future__ import annotations

import pytest

from smsvet import Reviewer, Submission
from smsvet.lexicon import warnings
from smsvet.model import Span
from smsvet.patterns.growth import Kind, growth_of
from smsvet.text.text import Text

WARNS = [
    "请居民注意防范电信诈骗，凡是刷单返利、无抵押贷款都是诈骗。",
    "税务部门依法查处虚开发票案件，提醒纳税人守法经营。",
    "请勿相信网络贷款、无抵押贷款，谨防电信网络诈骗。",
    "禁毒宣传：冰毒、海洛因危害健康，远离毒品。",
    "我行提示：不要轻信低息贷款、信用卡提额短信，谨防上当受骗。",
    "96110提醒您：网上刷单返利、无抵押贷款，一律不要相信。",
    "网络刷单是违法行为，请勿参与。",
    "刷单返利都是骗局，如遇刷单请立即报警。",
    "近期刷单返利、冒充客服类诈骗高发，请提高警惕。",
    "民警提醒：兼职刷单、虚假投资理财均为诈骗，请拨打96110咨询。",
    "虚开发票、代开发票均属违法，将依法追究刑事责任。",
    "买卖银行卡、电话卡属违法犯罪，切勿出租出借。",
    "公安机关严厉打击网络赌博，参与赌博将受到处罚。",
    "珍爱生命，远离毒品，拒绝冰毒、摇头丸。",
    "警惕信用卡代还、套现陷阱，保护个人征信。",
    "凡是声称可以修复征信的都是骗子，请勿上当。",
    "请勿点击“网贷注销校园贷”链接，谨防上当。",
    "接到要求转账至安全账户的电话，都是诈骗，请勿转账。",
    "不法分子以裸聊为由敲诈勒索，请提高警惕并及时报警。",
    "考生请注意，出售考试答案均为诈骗，切勿购买。",
    "考试期间严禁请人代考，违者依法追究责任。",
    "境外网络赌博，十赌九骗，请勿参与网络赌博。",
    "杀猪盘、刷单返利、虚假贷款是三类高发骗局，请勿轻信。",
    "市场监管部门依法查处销售假冒茅台酒行为。",
    "请家长教育孩子远离电子烟，未成年人请勿吸电子烟。",
    "学校提醒：校园贷、套路贷危害大，请勿参与。",
    "远离非法集资，谨防虚拟货币投资骗局。",
    "收到“征信修复”电话，请勿相信，如遇此类情况请报警。",
    "非法买卖枪支是犯罪行为，请举报。",
    "警惕“无抵押、低利息、秒到账”贷款广告，谨防上当受骗。",
    "网贷不要碰，高利贷猛如虎，谨防套路贷。",
    "【某市公安局】凡是要求你先交钱再放款的贷款都是诈骗，凡是刷单都是诈骗，国家反诈中心提醒您不轻信、不转账。",
    "反诈提示：近期有人冒充客服以注销网贷账户为由实施诈骗，请不要相信，如有疑问请拨打96110。",
    "开设赌场、聚众赌博构成犯罪，将依法处三年以下有期徒刑。",
    "请勿参与网络博彩，谨防个人信息泄露。",
    "BAD=",
    "Beware of loan scams. Never trust a caller who asks for a fee first.",
    "【云雀镇政府】天上不会掉馅饼，高额返利、兼职刷单、网络贷款多是骗局，请提高警惕！",
    "【云雀银行】温馨提醒：出租、出借、出售银行卡属违法行为，将承担法律责任。",
    "【云雀派出所】国家反诈中心提示：不轻信、不透露、不转账，刷单就是诈骗。",
    "【云雀税务局】虚开增值税发票是违法犯罪行为，情节严重的将被追究刑事责任。",
    "【云雀大学】同学们请注意，校园贷、刷单兼职、代写论文等均存在风险，切勿参与。",
    "【云雀公安】严厉打击跨境赌博，参赌人员将依法受到处罚。",
    "【云雀禁毒办】吸毒一口，掉入虎口，请远离冰毒、摇头丸、K粉等毒品。",
    "【云雀中学】高考临近，凡是声称能提供高考答案的都是骗子，请勿上当。",
    "【云雀社区】近期我区发生多起冒充公检法诈骗案件，对方要求转账到安全账户，请勿相信。",
    "【云雀烟草局】未成年人请勿购买香烟，依法查处向未成年人售烟行为。",
    "【云雀市监局】严查销售假烟假酒行为，欢迎拨打12315举报。",
    "【云雀街道】扫黑除恶，人人有责，打击高利贷、套路贷、暴力催收。",
    "【云雀证券】谨防非法荐股，凡是承诺保本高收益的荐股群都是诈骗。",
    "【云雀社区】警惕养老诈骗，保健品包治百病不可信。",
    "【云雀银行】请勿将银行卡出租出售给他人，谨防成为电信诈骗帮凶。",
    "【云雀学校】谨防“注销网贷账户”诈骗，遇到此类电话请及时挂断并报警。",
    "【反诈中心】刷单返利，先甜后坑，都是骗局。",
    "【云雀公安】拒绝黄赌毒，共建和谐社区。",
    "【云雀公司】严禁员工参与赌博、吸毒等违法活动。",
    "【云雀物业】请勿燃放烟花爆竹，违者依法处罚。",
    "【云雀银行】征信修复是骗局，请勿相信任何征信洗白广告。",
    "【云雀邮政】严禁寄递枪支弹药、毒品、管制刀具等违禁物品。",
    "【云雀平台】平台严禁代刷销量、刷好评行为，违者封号。",
    "【云雀公安】贩卖个人信息构成犯罪，请保护好个人信息。",
    "【云雀银行】我行不会以短信方式要求您点击链接更新身份信息，如收到类似短信请致电95588核实。",
    "【云雀反诈中心】接到“您的百万保障即将扣费”来电，请直接挂断，取消扣费、转账验资都是诈骗。",
    "【云雀派出所】自称公检法要求您转账到安全账户的，都是骗子，公安机关没有安全账户，咨询电话0571-88112233。",
    "【云雀移动】收到“积分即将清零，点击链接兑换”短信请勿点击，积分兑换请通过官方App办理，客服热线10086。",
    "【云雀证券】近日不法分子冒用我司名义组建荐股群、诱导客户下载虚假App入金，我司从未授权任何荐股活动，投诉电话400-123-4567。",
    "【云雀快递】快递丢失理赔不需要您转账或贷款，凡是要求开通备用金、借呗的都是骗子。",
    "【云雀公安】老年朋友谨防免费领鸡蛋、送礼品后推销保健品的骗局，买药请遵医嘱。",
    "【云雀银行】假冒我行名义的“提额”“降息”短信增多，链接为钓鱼网站，请删除并勿点击。",
    "【云雀公安】冒充熟人借钱诈骗高发，凡通过微信、QQ借钱的，请先打电话或视频确认。",
    "【云雀烟草】请勿通过网络购买卷烟，网上低价卷烟多为假烟，举报电话12313。",
]
OFFERS = [
    "无抵押贷款当天放款，谨防诈骗",
    "代开发票，谨防假票，认准本公司",
    "刷单兼职日结，反诈中心认证，安全可靠",
    "百家乐在线，拒绝黑网，提现秒到",
    "出售银行卡四件套，谨防骗子，加微信",
    "专业征信修复，不成功不收费，谨防上当",
    "枪支弹药现货，诚信经营，警惕假货",
    "提供高考答案，保真，谨防被骗，QQ12345678",
    "请勿外传：内部荐股群明日涨停，加群123456",
    "不要告诉别人，代开发票点数低",
    "严禁转发，裸聊加我",
    "冰毒现货，请勿声张",
    "贷款不是骗局，凡是有身份证都是能办，秒批",
    "违法必究？不存在，六合彩特码",
    "刷单赚钱，不要轻信别家，本平台日赚500",
    "警惕高利息，我们无抵押贷款利息低",
    "96110监管，兼职刷单一单一结",
    "遇到资金困难？无抵押贷款当天放款",
    "近期高发资金周转难，无抵押贷款请举报不法中介，找我们",
    "还在被骗？正规博彩平台，上分秒到账",
    "远离套路贷，选择我们的无抵押贷款",
    "切勿相信谣言，本平台六合彩依法经营",
    "打击假货，高仿茅台九成新一手货源",
    "无抵押贷款，当天放款，不要错过",
    "切勿错过！无抵押贷款当天放款",
    "切勿错过无抵押贷款，当天放款",
    "谨防假冒，代开发票请认准本公司",
    "谨防诈骗。代开发票，点数低，加微信abc12345",
    "谨防诈骗，代开发票加微信abc12345",
    "反诈提醒：代开发票请联系13812345678",
    "凡是刷单都是诈骗，但我们正规兼职刷单日结300，加QQ12345678",
    "代开发票，不是骗局，正规可查",
    "无抵押贷款，绝非骗局，放款快",
    "刷单返利不违法，日赚300",
    "96110认证平台，无抵押贷款当天放款",
    "谨防诈骗，无抵押贷款当天放款，急用钱就找我",
    "谨防诈骗，无抵押贷款当天放款，额度高",
    "拒绝高利贷，无抵押贷款找我们",
    "拒绝套路，无抵押贷款当天放款",
    "警惕高利贷！正规无抵押贷款请点击 a.cn/x",
    "不要犹豫，百家乐在线开户",
    "请勿错过百家乐开户送88",
    "您涉嫌洗钱犯罪，请将资金转入安全账户配合调查",
    "依法办理，代开发票",
    "百家乐送彩金，别再等待",
    "提高警惕，认准正规博彩平台，注册送彩金",
    "逾期不还将依法追究刑事责任，上门催收",
    "如遇急用钱，无抵押贷款当天放款",
    "远离高息，无抵押贷款秒批",
    "举报无门？代开发票找我",
    "切勿相信别家，本公司代开发票点数低",
    "严禁转载。出售冰毒海洛因，货到付款",
    "防骗指南：刷单返利日结，详询QQ123456789",
    "警方提示没有风险，无抵押贷款当天放款",
    "本平台合法，百家乐等你来玩，远离骗局",
    "请注意防范诈骗。无抵押贷款，当天放款。",
    "请勿相信别家，代*开*发*票点数低",
    "网络赌博违法。百家乐在线开户，www.example.com",
    "谨防诈骗！您的账户存在异常，请添加客服微信kf8866办理解冻。",
    "您误开通百万保障每月扣费800元，如需取消请致电400-123-4567，谨防上当。",
    "近期诈骗高发，谨防上当，正规贷款咨询电话400-123-4567。",
    "凡是刷单都是诈骗，无抵押贷款当天办好，客服热线400-123-4567。",
    "远离套路贷，正规低息贷款当天放款，请致电0571-88112233。",
    "近期有人冒充客服，您的手机号将被停机，请回拨02188887777转人工核实身份信息。",
    "我行不会索要密码。您的积分即将清零，点击 jf-bank.vip 兑换现金。",
    "警惕不良代理，全额退保不成功不收费，专业团队致电13700001111。",
    "防骗提醒：社保卡未年审将停用，请拨打0512-61112222重新认证。",
]


@pytest.mark.parametrize("sentence", WARNS)
def test_warning_is_approved(sentence: str, reviewer: Reviewer) -> None:
    text = sentence if sentence.startswith("【") else f"【云雀社区】{sentence}"
    verdict = reviewer.review(Submission(text=text, purpose="notification"))
    assert verdict.decision == "approve", [finding.rule for finding in verdict.findings]


@pytest.mark.parametrize("sentence", OFFERS)
def test_offer_behind_a_warning_is_flagged(sentence: str, reviewer: Reviewer) -> None:
    verdict = reviewer.review(Submission(text=f"【云雀社区】{sentence}", purpose="notification"))
    assert verdict.decision != "approve"


@pytest.mark.parametrize(
    "lure",
    [
        "详见 www.example.com",
        "致电13812345678",
        "加微信yunque888",
        "扫码进群",
        "打款至6222021234567890123",
        "电话02188886666",
    ],
)
def test_lure_keeps_the_terms_of_its_sentence(lure: str, reviewer: Reviewer) -> None:
    warning = "【云雀社区】网络刷单都是诈骗"
    assert reviewer.review(Submission(text=f"{warning}。", purpose="notification")).decision == "approve"
    verdict = reviewer.review(Submission(text=f"{warning}，{lure}", purpose="notification"))
    assert "content/brushing" in {finding.rule for finding in verdict.findings}


def test_number_of_the_authorities_is_no_lure(reviewer: Reviewer) -> None:
    text = "【云雀社区】网络刷单都是诈骗，如遇刷单请拨打96110或110报警。"
    assert reviewer.review(Submission(text=text, purpose="notification")).decision == "approve"


def test_patterns_are_linear(reviewer: Reviewer) -> None:
    for role, place, pattern in reviewer.catalogue.reader.warnings.warnings.patterns:
        assert growth_of(pattern).kind is Kind.LINEAR, f"{role} {place}"
    for compiled in (warnings.SENTENCES, warnings.CLAUSES, warnings.DIGITS):
        assert growth_of(compiled.pattern).kind is Kind.LINEAR, compiled.pattern


def test_place_in_a_text_whose_normalisation_expands() -> None:
    text = Text("body", "㈱刷单", "(株)刷单", (0, 0, 0, 1, 2, 3))
    assert warnings.folded_place(text, Span("body", 1, 3)) == (3, 5)


@pytest.mark.parametrize(("length", "counted"), [(1000, 0), (2000, 1)])
def test_longer_than_any_message_is_no_warning(length: int, counted: int, reviewer: Reviewer) -> None:
    text = f"网络刷单都是诈骗。{'您好，' * length}"[:length]
    assert bool(reviewer.read(Submission(text=text)).texts["text"].terms) == bool(counted)


@pytest.mark.parametrize("times", [1, 60, 125, 300])
def test_warning_repeated_often_hides_no_later_offer(times: int, reviewer: Reviewer) -> None:
    body = "警惕他人以代开发票为名行骗，" * times + "代开发票。"
    verdict = reviewer.review(Submission(text=f"【云雀科技】{body}", purpose="notification"))
    assert "content/invoice" in {one.rule for one in verdict.findings}
