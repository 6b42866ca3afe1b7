"""Export rules: an event that bars a vendor from exporting stops new orders from abroad."""

from datetime import date
from pathlib import Path

import polars as pl

from watersellers import run

BAN = Path(__file__).parents[2] / "worlds" / "blocks" / "export_rule.toml"


def test_under_an_export_rule_only_what_was_ordered_before_is_still_delivered() -> None:
    free, banned = (run(scenario, months=30, users=100) for scenario in ("dollar_paths", BAN))
    abroad = {"alibaba_cloud", "baidu_cloud", "tencent_cloud", "enterprises_china"}
    paid = pl.col("good").is_in(["accelerators", "deposit"]), pl.col("payee") == "nvidia", pl.col("payer").is_in(abroad)
    before, after = (result.flows.filter(*paid)["month"].to_list() for result in (free, banned))
    assert max(after) < max(before)
    assert max(after) > date(2023, 10, 1)
    edges = banned.graph_at("2025-06").in_edges("nvidia")
    assert edges
    assert not abroad & {buyer for buyer, _ in edges}
    gained = [result.firms.filter(firm="ascend")["revenue"].sum() for result in (free, banned)]
    assert gained[1] > gained[0]  # whoever stays may sell more
