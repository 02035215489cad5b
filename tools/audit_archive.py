"""Write an archive of generated templates, as an operator of Tencent Cloud SMS might have approved them since 2021.

    python -m tools.audit_archive templates.parquet --rows 20000

The texts are made up from the clauses of `bench.generator` and of this module; the same number of rows gives the same file.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bench.generator import filled, template

PURPOSES: Final = {"notification": 58, "verification": 14, "marketing": 28}
"""Purpose -> its share of the templates, in percent."""
CODES: Final = (
    "您的验证码是{1}，{2}分钟内有效，请勿告知他人。",
    "验证码{1}，用于<shop>登录，请在{2}分钟内完成验证。",
    "您正在修改<shop>支付密码，验证码为{1}，如非本人操作请忽略。",
)
OFFERS: Final = (
    "尊敬的会员，<shop><date>周年庆，全场8折，到店即享",
    "尊敬的会员，<shop>新品上市，<date>起满199减50，欢迎选购",
    "尊敬的会员，<shop><city>店<date>开业，到店消费满100元减20元",
    "尊敬的会员，您的会员日到啦，<shop>全场8.8折，仅限<date>",
    "尊敬的会员，<shop>换季清仓，<city>门店低至5折，<date>截止",
    "亲爱的老顾客，<shop>冬装<date>上新，会员价9折，欢迎试穿",
)
NAMED: Final = (
    "尊敬的会员{1}，<shop>周年庆，<date>前到店享8折",
    "尊敬的会员{1}，<shop>新品上市，<date>起满{2}元减50",
)
OPT_OUTS: Final = {"拒收请回复R": 55, "退订回T": 22, "回TD退订": 14, "退订回N": 7, "": 2}
"""End of an offer -> its share in percent. Until 2025 Tencent Cloud accepted each, except none."""
CONTACTS: Final = ("如有疑问请联系1390000<n4>", "详情请致电客服经理1380000<n4>", "联系人王老师1370000<n4>")
INTERVIEWS: Final = (
    "您投递的{1}岗位已进入下一轮，请于{2}到<place>参加面试",
    "您已通过<shop>初试，复试时间为{1}，请准时参加",
)
LINKS: Final = ("详见 yq.cn/aB<n4>", "查看进度 dd.cn/k<n4>", "下载 xz.cn/z<n4>")


def rows(count: int, seed: int = 11) -> Iterator[dict[str, Any]]:
    """Yield templates with id, application, purpose, text and the day of approval."""
    chance = random.Random(seed)
    accounts = [f"1400{number:06}" for number in range(100_001, 100_061)]
    weights = [1 / (place + 2) for place in range(len(accounts))]
    for number in range(count):
        purpose = chance.choices(list(PURPOSES), list(PURPOSES.values()))[0]
        day = f"{chance.randint(2021, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield {
            "id": f"{600_000 + number}",
            "sdkappid": chance.choices(accounts, weights)[0],
            "purpose": purpose,
            "body": body(chance, number, purpose),
            "approved_on": max(day, "2021-06-01"),
        }


def body(chance: random.Random, number: int, purpose: str) -> str:
    """Return the text of a template."""
    if purpose == "verification":
        return filled(chance, chance.choice(CODES))
    if purpose == "marketing":
        offer = chance.choice(NAMED if chance.random() < 0.12 else OFFERS)
        ending = chance.choices(list(OPT_OUTS), list(OPT_OUTS.values()))[0]
        return filled(chance, f"{offer}。{ending}")
    text = template(chance, number, 0.02)
    kind = chance.random()
    if kind < 0.04:
        return filled(chance, f"{chance.choice(INTERVIEWS)}。{chance.choice(CONTACTS)}。")
    if kind < 0.10:
        return filled(chance, f"{text.removesuffix('。')}，{chance.choice(CONTACTS)}。")
    if kind < 0.14:
        return filled(chance, f"{text.removesuffix('。')}，{chance.choice(LINKS)} 。")
    return text


def main() -> None:
    """Write the archive."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    chosen = parser.parse_args()
    pq.write_table(pa.Table.from_pylist(list(rows(chosen.rows))), chosen.path, compression="zstd")
    print(chosen.path)


if __name__ == "__main__":
    main()
