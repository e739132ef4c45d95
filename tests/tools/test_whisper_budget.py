"""Whisper's budget: the least work by its dimensions, the table, and the limits."""

import json
from dataclasses import asdict, replace

import pytest

from tools import bench, whisper_budget
from tools.figures import Figure
from tools.whisper_budget import StageCost, WhisperBudget, budget_from, limits_of, stage_cost
from tools.whisper_goldens.random_model import BASE, TINY
from tools.whisper_work import WhisperWork
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.ledger import Work


@pytest.mark.parametrize(
    ("dimensions", "convolutions", "layers", "pairs", "token_megabytes"),
    [(TINY, 1.9, 7.1 + 13.8 + 14.2, 3.5, 66), (BASE, 3.1, 18.9 + 27.6 + 37.7, 9.4, 116)],
    ids=["tiny", "base"],
)
def test_work_of_a_window(
    dimensions: ModelDimensions,
    convolutions: float,
    layers: float,
    pairs: float,
    token_megabytes: float,
) -> None:
    work = WhisperWork(dimensions)
    assert work.convolutions / 1e9 == pytest.approx(convolutions, abs=0.05)
    assert work.encoder_layers / 1e9 == pytest.approx(layers, abs=0.15)
    assert work.pairs / 1e9 == pytest.approx(pairs, abs=0.05)
    assert work.step_bytes(1) / 1e6 == pytest.approx(token_megabytes, abs=0.6)


def test_weights_are_read_once_for_several_windows() -> None:
    work = WhisperWork(BASE)
    pair_bytes = work.step_bytes(2) - work.step_bytes(1)
    assert pair_bytes == 18_432_000
    assert work.step_bytes(8) - 8 * pair_bytes == 2 * work.decoder_weights


def stage(name: str, **changed: float) -> StageCost:
    given = {"launches": 2, "configurations": 7, "milliseconds": 100.0, "ddr_bytes": 5_000_000}
    return StageCost(**{"stage": name, "wall_seconds": 3.0, **given, **changed})  # type: ignore[arg-type]


BUDGET = WhisperBudget(
    model="base",
    encoder=(stage("convolutions", operations=2.9e9), stage("encoder layers", operations=14.5e9)),
    pairs=stage("keys and values of audio", operations=11.6e9),
    token=stage("a token of 1 window", milliseconds=2.7, operations=1e8, least_bytes=120_000_000),
    tokens=stage("a token of 8 windows", milliseconds=7.7, operations=8e8, least_bytes=240_000_000),
    peak_bytes=1 << 30,
)


def test_lines() -> None:
    told, headings, *stages, alone, together = BUDGET.lines()
    assert told == (
        "Whisper base, one window of 30 s, modelled at the clock of an 8700G (1.8 GHz), "
        "code of class peano, without loading configurations"
    )
    assert headings.split("  ")[0] == "stage"
    assert {len(line) for line in stages} == {len(headings)}
    assert stages[1].split() == [
        *("encoder", "layers", "2", "7", "100.00", "14.50", "10.00", "5.80"),
        *("5.0", "-", "-", "-", "3.0"),
    ]
    assert " ".join(stages[3].split()[-9:]) == "2.70 0.10 0.07 0.04 5.0 120.0 4.00 2.40 3.0"
    # 3 x 100.3 ms before the tokens, then 100 x 3.0 ms, or 100 x 8.0 ms shared by eight windows;
    # planned: 29 GFLOP in 20 and 11.6 ms, then 100 launches of 0.15 ms that read DDR.
    assert alone == (
        "realtime at 100 tokens a window, one window after the other: 49.9 modelled, "
        "69 to 113 planned (both with dispatch, without host)"
    )
    assert together == (
        "realtime at 100 tokens a window, 8 windows together: 74.8 modelled, "
        "246 to 408 planned (both with dispatch, without host)"
    )


def test_limits() -> None:
    assert list(limits_of(replace(BUDGET, model="tiny"))) == []
    assert list(limits_of(BUDGET)) == [
        Figure("Whisper base encoder fast, the simulation", 6, 60, "s"),
        Figure("Whisper base fast, peak memory", 1024, 4096, "MiB"),
        Figure("Whisper base encoder, modelled", 200, 250, "ms"),
        Figure("Whisper base encoder, launches", 4, 40, ""),
    ]


def test_a_stage_is_what_ran_on_the_array() -> None:
    there = {"where": "simulator (native)", "cycles": 900_000, "ddr_bytes": 10, "seconds": 2.0}
    works = [
        Work(stage="decoder layers", ops=("project",), count=6, configurations=66, **there),
        Work(stage="embedding", ops=("embed",), where="host", count=1, seconds=9.0),
        Work(stage="logits", ops=("logits",), count=1, configurations=2, **there),
    ]
    assert stage_cost("a token", works, least_bytes=5) == StageCost(
        stage="a token",
        launches=7,
        configurations=68,
        milliseconds=1.0,
        ddr_bytes=20,
        wall_seconds=4.0,
        least_bytes=5,
    )


def test_bench_tells_budgets_and_judges_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert budget_from(json.loads(json.dumps(asdict(BUDGET)))) == BUDGET
    slow = replace(BUDGET, pairs=stage("slow"), encoder=(stage("all", milliseconds=251.0),))
    monkeypatch.setattr(bench, "design_costs", lambda name, design: [])
    monkeypatch.setattr(bench, "figures", lambda: iter(()))
    monkeypatch.setattr(bench, "budgets", lambda: iter([slow]))
    assert bench.main([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[: len(list(slow.lines()))] == list(slow.lines())
    assert [line.split()[0] for line in lines if "Whisper base" in line[1:]] == [
        *("PASS", "PASS", "FAIL", "PASS"),
    ]
    assert bench.main(["--json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)["whisper"]
    assert told["realtime_modelled"] == pytest.approx(slow.realtime)


def test_models_are_of_true_dimensions() -> None:
    assert whisper_budget.MODELS == {"tiny": TINY, "base": BASE}
