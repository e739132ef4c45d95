"""Whisper on the modelled NPU, stage by stage, beside its budget: a part of `make bench`.

The budget is what its arithmetic and its bytes take at planning rates; models are of true
dimensions with random weights. `python -m tools.whisper_budget base` measures one model and prints
JSON; each is measured in a process of its own, so that its peak memory means something.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ironbird.base.npu1 import CLOCK_HERTZ
from tools.figures import CHILD_SECONDS, MEBIBYTE, Figure, peak_bytes
from tools.whisper_goldens.random_model import BASE, TINY, random_checkpoint, random_features
from tools.whisper_work import TOKENS_A_WINDOW, WhisperWork
from whisper_pipeline.ledger import HOST, Ledger, Work
from whisper_pipeline.log_mel import WINDOW_SECONDS
from whisper_pipeline.model import Whisper
from whisper_pipeline.npu_ops import NpuOps
from whisper_pipeline.report import DISPATCH_SECONDS

MODELS = {"tiny": TINY, "base": BASE}
CLOCK = "8700G"

TERA_FLOPS = (1.45, 2.5)
"""bf16 products of the whole array, two operations a multiply-accumulate: 1.6 to 2.5 by choice of
tiles were measured on an 8700G (GitHub, jdominick05/ignite-xdna); Whisper's shapes are harder."""

GIGABYTES_A_SECOND = (30, 50)
"""Of DDR; 28.1 a direction were measured for copies on an 8700G (ignite-xdna)."""

WINDOWS_TOGETHER = 8


@dataclass(frozen=True, kw_only=True)
class StageCost:
    """A stage as it was modelled, and what it has to compute and move at least.

    wall_seconds: that simulating it took.
    operations:   None where they are hardly any.
    least_bytes:  None where they do not bound the stage.
    """

    stage: str
    launches: int
    configurations: int
    milliseconds: float
    ddr_bytes: int
    wall_seconds: float
    operations: float | None = None
    least_bytes: int | None = None

    @property
    def dispatched_seconds(self) -> float:
        """Modelled, with what others measured for dispatch."""
        return self.milliseconds / 1e3 + self.launches * DISPATCH_SECONDS


@dataclass(frozen=True, kw_only=True)
class WhisperBudget:
    """One model. encoder: its stages; pairs and token: of one window, tokens: of eight."""

    model: str
    encoder: tuple[StageCost, ...]
    pairs: StageCost
    token: StageCost
    tokens: StageCost
    peak_bytes: int

    @property
    def stages(self) -> tuple[StageCost, ...]:
        return (*self.encoder, self.pairs, self.token, self.tokens)

    @property
    def realtime(self) -> tuple[float, float]:
        """Of the modelled NPU: one window after the other, and eight decoded together."""
        before = sum(stage.dispatched_seconds for stage in (*self.encoder, self.pairs))
        alone = TOKENS_A_WINDOW * self.token.dispatched_seconds
        shared = TOKENS_A_WINDOW * self.tokens.dispatched_seconds / WINDOWS_TOGETHER
        return WINDOW_SECONDS / (before + alone), WINDOW_SECONDS / (before + shared)

    @property
    def planned_realtime(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The same at the planning rates, slow and fast, with one launch a token."""
        return self._planned(self.token, 1), self._planned(self.tokens, WINDOWS_TOGETHER)

    def _planned(self, token: StageCost, windows: int) -> tuple[float, ...]:
        before = sum(stage.operations or 0 for stage in (*self.encoder, self.pairs))
        return tuple(
            WINDOW_SECONDS
            / (
                before / (tera_flops * 1e12)
                + TOKENS_A_WINDOW
                * ((token.least_bytes or 0) / (gigabytes * 1e9) + DISPATCH_SECONDS)
                / windows
            )
            for tera_flops, gigabytes in zip(TERA_FLOPS, GIGABYTES_A_SECOND, strict=True)
        )

    def described(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            **asdict(self),
            "clock": CLOCK,
            "realtime_modelled": self.realtime,
            "realtime_planned": self.planned_realtime,
        }

    def lines(self) -> Iterator[str]:
        """A table, and the realtime factors under it."""
        yield (
            f"Whisper {self.model}, one window of {WINDOW_SECONDS} s, modelled at the clock of an "
            f"{CLOCK} ({CLOCK_HERTZ[CLOCK] / 1e9:g} GHz), code of class peano, without loading "
            "configurations"
        )
        yield _aligned(_HEADINGS)
        for stage in self.stages:
            yield _aligned(_cells(stage))
        for windows, modelled, planned in zip(
            ("one window after the other", f"{WINDOWS_TOGETHER} windows together"),
            self.realtime,
            self.planned_realtime,
            strict=True,
        ):
            yield (
                f"realtime at {TOKENS_A_WINDOW} tokens a window, {windows}: {modelled:.1f} modelled"
                f", {planned[0]:.0f} to {planned[1]:.0f} planned (both with dispatch, without host)"
            )


def main(arguments: list[str] | None = None) -> int:
    """As a child of `budgets`: measure one model and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tools.whisper_budget", description=__doc__)
    parser.add_argument("model", choices=MODELS)
    print(json.dumps(asdict(measured(parser.parse_args(arguments).model))))
    return 0


def budgets() -> Iterator[WhisperBudget]:
    """Of every model, each measured in a new process."""
    for model in MODELS:
        finished = subprocess.run(
            [sys.executable, "-m", "tools.whisper_budget", model],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            text=True,
            timeout=CHILD_SECONDS,
            check=True,
        )
        yield budget_from(json.loads(finished.stdout.splitlines()[-1]))


def budget_from(described: dict[str, Any]) -> WhisperBudget:
    """What `asdict` made of a budget."""
    encoder = tuple(StageCost(**stage) for stage in described["encoder"])
    single = {name: StageCost(**described[name]) for name in ("pairs", "token", "tokens")}
    return WhisperBudget(
        model=described["model"], encoder=encoder, peak_bytes=described["peak_bytes"], **single
    )


def limits_of(budget: WhisperBudget) -> Iterator[Figure]:
    """What must hold, of Whisper base."""
    if budget.model != "base":
        return
    modelled = sum(stage.milliseconds for stage in budget.encoder)
    simulated = sum(stage.wall_seconds for stage in budget.encoder)
    launches = sum(stage.launches for stage in budget.encoder)
    yield from [
        Figure("Whisper base encoder fast, the simulation", simulated, 60, "s"),
        Figure("Whisper base fast, peak memory", budget.peak_bytes / MEBIBYTE, 4096, "MiB"),
        Figure("Whisper base encoder, modelled", modelled, 250, "ms"),
        Figure("Whisper base encoder, launches", launches, 40, ""),
    ]


def measured(name: str) -> WhisperBudget:
    """Run one window and the first token of one window and of eight."""
    dimensions, ledger = MODELS[name], Ledger()
    model = Whisper(random_checkpoint(dimensions), NpuOps(ledger))
    work = WhisperWork(dimensions)
    operations = {"convolutions": work.convolutions, "encoder layers": work.encoder_layers}
    audio = model.encode(random_features(dimensions, 1))
    encoder = tuple(
        stage_cost(each.stage, [each], operations=operations.get(each.stage))
        for each in ledger.take()
    )
    steps: dict[int, StageCost] = {}
    pairs: dict[int, StageCost] = {}
    for windows in (1, WINDOWS_TOGETHER):
        state = model.begin(model.select(audio, [0] * windows), windows, 1)
        pairs[windows] = stage_cost(
            "keys and values of audio", ledger.take(), operations=work.pairs
        )
        state.logits(np.full((windows, 1), dimensions.n_vocab // 2), [0])
        steps[windows] = stage_cost(
            f"a token of {windows} window{'s' if windows > 1 else ''}",
            ledger.take(),
            operations=work.step_operations(windows),
            least_bytes=work.step_bytes(windows),
        )
    return WhisperBudget(
        model=name,
        encoder=encoder,
        pairs=pairs[1],
        token=steps[1],
        tokens=steps[WINDOWS_TOGETHER],
        peak_bytes=peak_bytes(),
    )


def stage_cost(
    stage: str,
    works: Iterable[Work],
    *,
    operations: float | None = None,
    least_bytes: int | None = None,
) -> StageCost:
    """All works on the array as one stage; those of the host are no part of it."""
    there = [work for work in works if work.where != HOST]
    cycles = sum(work.cycles for work in there)
    return StageCost(
        stage=stage,
        launches=sum(work.count for work in there),
        configurations=sum(work.configurations for work in there),
        milliseconds=cycles / CLOCK_HERTZ[CLOCK] * 1e3,
        ddr_bytes=sum(work.ddr_bytes for work in there),
        wall_seconds=sum(work.seconds for work in there),
        operations=operations,
        least_bytes=least_bytes,
    )


_HEADINGS = (
    *("stage", "launches", "configurations", "modelled ms", "GFLOP"),
    *(f"ms at {rate:g} TFLOPS" for rate in TERA_FLOPS),
    *("DDR MB", "least MB"),
    *(f"ms at {rate} GB/s" for rate in GIGABYTES_A_SECOND),
    "simulated s",
)
_STAGE_WIDTH = 24


def _cells(cost: StageCost) -> tuple[str, ...]:
    operations, least = cost.operations, cost.least_bytes
    return (
        cost.stage,
        f"{cost.launches:,}",
        f"{cost.configurations:,}",
        f"{cost.milliseconds:.2f}",
        "-" if operations is None else f"{operations / 1e9:.2f}",
        *("-" if operations is None else f"{operations / rate / 1e9:.2f}" for rate in TERA_FLOPS),
        f"{cost.ddr_bytes / 1e6:.1f}",
        "-" if least is None else f"{least / 1e6:.1f}",
        *("-" if least is None else f"{least / rate / 1e6:.2f}" for rate in GIGABYTES_A_SECOND),
        f"{cost.wall_seconds:.1f}",
    )


def _aligned(cells: Sequence[str]) -> str:
    numbers = (
        f"{cell:>{len(heading)}}" for cell, heading in zip(cells[1:], _HEADINGS[1:], strict=True)
    )
    return "  ".join([f"{cells[0]:<{_STAGE_WIDTH}}", *numbers])


if __name__ == "__main__":
    raise SystemExit(main())
