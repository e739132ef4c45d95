"""The table of costs: its numbers, its lines, and the bars among them."""

import json
from typing import Any

import pytest

from designs import passthrough, vector_add
from designs.catalog import CATALOG
from ironbird.plan import ddr_bytes
from ironbird.session.lowering import lower_to_plan
from tools import bench
from tools.design_costs import DesignCost, case_cost, headings, line
from tools.figures import Figure
from tools.modelled_bars import MODELLED_BARS, bars_of
from tools.products import Products, products


def cost(**changed: Any) -> DesignCost:
    """A product of 64 x 32 x 32 in 1,000 cycles of chess's code on four cores."""
    given: dict[str, Any] = {
        "design": "matmul",
        "case": "bf16_2048",
        "cores": 4,
        "cycles": {"ideal": 800, "chess": 1000, "peano": 2000},
        "products": Products(64 * 32 * 32, "bf16"),
        "ddr_bytes": 20480,
        "host_seconds": 0.0125,
    }
    return DesignCost(**{**given, **changed})


def test_a_line_of_the_table() -> None:
    assert [headings().split("  ")[0], *line(cost()).split()] == [
        "design",
        *("matmul", "bf16_2048", "4", "800", "1,000", "2,000"),
        *("20.5", "16.4", "8.2", "13%", "20", "61%", "12"),
    ]
    assert len(headings()) == len(line(cost()))
    assert line(cost(products=None)).split()[6:10] == ["-"] * 4


def test_shares_are_of_what_the_cores_and_ddr_can_do() -> None:
    assert cost().products_per_cycle("ideal") == 65536 / 800 / 4
    assert cost().share_of_peak == 65536 / 1000 / 4 / 128
    assert cost().share_of_ddr == pytest.approx(20480 / 1000 / (60 / 1.8))
    assert cost(cores=0).products_per_cycle("ideal") is None


@pytest.mark.parametrize(
    ("design", "tensors"),
    [(passthrough, 2), (vector_add, 3)],
    ids=["passthrough", "vector_add"],
)
@pytest.mark.parametrize("number", [0, 1])
def test_bytes_of_ddr_are_those_of_the_tensors(design: Any, tensors: int, number: int) -> None:
    case = design.CASES[number]
    plan = lower_to_plan(design.design(case).resolve().module)
    assert ddr_bytes(plan) == tensors * 4 * case.element_count


@pytest.mark.parametrize(
    ("design", "case_name", "expected"),
    [
        ("matmul", "bf16_2048", Products(2048**3, "bf16")),
        ("mv_w8a8", "whisper_base", Products(8 * 512 * 2048, "i8")),
        ("packed_matmul", "i8_16", Products(16**3, "i8")),
        ("conv1d", "whisper_base_conv1", Products(3000 * 512 * 80 * 3, "bf16")),
        ("ffn", "small", Products(8 * 50 * 64**2, "bf16")),
        ("attention", "whisper_base", Products(2 * 8 * 1500 * 1500 * 64, "bf16")),
        ("softmax", "8x64", None),
    ],
)
def test_products_are_those_the_user_asked_for(
    design: str, case_name: str, expected: Products | None
) -> None:
    (case,) = [case for case in CATALOG[design].CASES if case.name == case_name]
    assert products(design, case) == expected


@pytest.mark.parametrize("bar", MODELLED_BARS, ids=lambda bar: f"{bar.design} {bar.case}")
def test_every_bar_is_of_a_case_there_is(bar: Any) -> None:
    assert bar.case in [case.name for case in CATALOG[bar.design].CASES]


def test_bars_are_judged() -> None:
    product = cost(products=Products(2048**3, "bf16"), cycles={"chess": 12_000_000})
    (figure,) = bars_of(product)
    assert str(figure) == (
        "PASS  modelled matmul bf16_2048                                       2.58"
        "     >= 2.5 TFLOPS"
    )
    (slow,) = bars_of(cost(products=Products(2048**3, "bf16"), cycles={"chess": 13_000_000}))
    assert not slow.holds
    (attention,) = bars_of(
        cost(design="attention", case="whisper_base", cycles={"chess": 21_600_000})
    )
    assert attention.described() == {
        "name": "modelled attention whisper_base",
        "measured": pytest.approx(12),
        "limit": 12,
        "unit": "ms",
        "at_most": True,
        "holds": True,
    }
    (share,) = bars_of(cost(design="gelu", case="gelu_1500x1536"))
    assert share == Figure(
        "modelled gelu gelu_1500x1536", cost().share_of_ddr, 0.6, "of DDR", False
    )
    assert list(bars_of(cost(case="another"))) == []


@pytest.mark.full
def test_a_case_is_measured_under_every_class() -> None:
    measured = case_cost("passthrough", passthrough, passthrough.CASES[1])
    assert (measured.cores, measured.ddr_bytes, measured.products) == (1, 2048, None)
    assert 0 < measured.cycles["ideal"] < measured.cycles["chess"] < measured.cycles["peano"]
    assert measured.host_seconds > 0


def test_designs_are_named_without_a_flag(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "design_costs", lambda name, design: [cost(design=name)])
    monkeypatch.setattr(bench, "figures", lambda: pytest.fail("the simulator was not asked for"))
    assert bench.main(["gelu", "softmax"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        headings(),
        line(cost(design="gelu")),
        line(cost(design="softmax")),
    ]
    assert bench.main(["matmul", "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["designs"][0]["share_of_ddr"] == cost().share_of_ddr
    assert [figure["holds"] for figure in printed["figures"]] == [False]


def test_without_a_design_everything_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = Figure("attention, of that the simulation", 3, 2, "s")
    monkeypatch.setattr(bench, "design_costs", lambda name, design: [cost(design=name, case="x")])
    monkeypatch.setattr(bench, "figures", lambda: iter([slow]))
    monkeypatch.setattr(bench, "budgets", lambda: iter(()))
    assert bench.main([]) == 1
    first, heading, *rows = capsys.readouterr().out.splitlines()
    assert (first, heading) == (str(slow), headings())
    assert [row.split()[0] for row in rows] == list(CATALOG)


def test_an_unknown_design_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        bench.main(["sofmax"])
    assert caught.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"python -m tools.bench: error: there is no design 'sofmax'; there are {', '.join(CATALOG)}"
    )
