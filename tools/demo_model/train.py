"""Train the demo model: `python -m tools.demo_model.train SPEECH RUN`.

Every batch is drawn from the seed and the number of its step, so a run that was stopped goes on
from its checkpoint exactly as if it had not been. RUN holds `checkpoint.pt`, which is replaced
whole every few minutes, and `progress.tsv`.

The learning rate rises for a while, stays, and falls to nothing over some phases, at whose ends the
model is at its best: the long parts between can be continued without having known how long they
would be.
"""

import argparse
import math
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch

from tools.demo_model.model import DemoModel, Dimensions
from tools.demo_model.objective import collate, losses
from tools.demo_model.speech_bank import SpeechBank, load_bank
from tools.demo_model.vocabulary import END_OF_TEXT, Vocabulary, whisper_vocabulary
from tools.demo_model.windows import WindowKind, draw_window

SEED = 20251107
HIGHEST_RATE = 2e-3
WARM_UP_STEPS = 300
WEIGHT_DECAY = 0.01
BETAS = (0.9, 0.98)
LARGEST_GRADIENT = 1.0
CTC_WEIGHT = 0.3
LATE_CTC_WEIGHT = 0.1
GUIDE_WEIGHT = 0.1
REPORT_STEPS = 50
CHECKPOINT_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class Phase:
    """Some steps over windows of one kind at one learning rate; if `falling`, down to zero."""

    kind: WindowKind
    batch_windows: int
    steps: int
    rate: float = HIGHEST_RATE
    falling: bool = False


WHOLE_WINDOWS = WindowKind(seconds=30.0, most_sentences=4, dense_share=0.5, prompt_share=0.15)
ANY_COUNT_WINDOWS = WindowKind(seconds=30.0, most_sentences=11, dense_share=0.2, prompt_share=0.15)
"""Speech that ends anywhere in the window, not only early or at its very end: a model that never
saw five to nine sentences before a silence writes one more sentence over it."""
MORE_DIGITS_WINDOWS = replace(ANY_COUNT_WINDOWS, digits_share=0.12)

PHASES = (
    Phase(
        kind=WindowKind(seconds=6.0, most_sentences=3, dense_share=0.3),
        batch_windows=24,
        steps=4500,
    ),
    Phase(
        kind=WindowKind(seconds=10.0, most_sentences=4, dense_share=0.4),
        batch_windows=16,
        steps=1500,
    ),
    Phase(
        kind=WHOLE_WINDOWS,
        batch_windows=8,
        steps=2400,
        rate=HIGHEST_RATE / 2,
        falling=True,
    ),
    Phase(kind=WHOLE_WINDOWS, batch_windows=8, steps=900, rate=HIGHEST_RATE / 2),
    Phase(
        kind=WHOLE_WINDOWS,
        batch_windows=8,
        steps=1500,
        rate=HIGHEST_RATE / 2,
        falling=True,
    ),
    Phase(kind=ANY_COUNT_WINDOWS, batch_windows=8, steps=1090, rate=HIGHEST_RATE / 2),
    Phase(
        kind=MORE_DIGITS_WINDOWS,
        batch_windows=8,
        steps=4300,
        rate=HIGHEST_RATE / 2,
        falling=True,
    ),
)
"""What a falling phase leaves may ship; the next phase goes on from it."""


def phase_at(step: int, phases: tuple[Phase, ...] = PHASES) -> tuple[Phase, float]:
    """The phase of a step and the share of it that is done before the step."""
    first = 0
    for phase in phases:
        if step < first + phase.steps:
            return phase, (step - first) / phase.steps
        first += phase.steps
    raise ValueError(f"step {step} is after the last of {first} steps")


def learning_rate(step: int, phases: tuple[Phase, ...] = PHASES) -> float:
    """The rate of a step: rising, constant, and in a falling phase linearly down to zero."""
    phase, done = phase_at(step, phases)
    rising = min(1.0, (step + 1) / WARM_UP_STEPS)
    return phase.rate * rising * (1.0 - done if phase.falling else 1.0)


class Run:
    """A training that can stop and go on: the model, its optimiser and the number of steps."""

    def __init__(
        self,
        bank: SpeechBank,
        *,
        phases: tuple[Phase, ...] = PHASES,
        vocabulary: Vocabulary | None = None,
        device: str = "cpu",
    ) -> None:
        self.bank = bank
        self.phases = phases
        self.vocabulary = vocabulary if vocabulary is not None else whisper_vocabulary()
        self.device = torch.device(device)
        torch.manual_seed(SEED)
        self.model = new_model(self.vocabulary).to(self.device)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), betas=BETAS, weight_decay=WEIGHT_DECAY
        )
        self.step = 0

    @property
    def finished(self) -> bool:
        """Whether all phases are done."""
        return self.step >= sum(phase.steps for phase in self.phases)

    def advance(self) -> dict[str, float]:
        """One step; returns the three losses."""
        phase, _ = phase_at(self.step, self.phases)
        generator = np.random.default_rng([SEED, self.step])
        windows = [
            draw_window(self.bank, self.vocabulary, phase.kind, generator)
            for _ in range(phase.batch_windows)
        ]
        batch = collate(
            windows,
            generator,
            padding_row=self.vocabulary.row[END_OF_TEXT],
            device=self.device,
        )
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.step, self.phases)
        parts = losses(self.model, batch)
        ctc_weight = LATE_CTC_WEIGHT if phase.falling else CTC_WEIGHT
        self.optimizer.zero_grad()
        torch.autograd.backward(parts.token + ctc_weight * parts.ctc + GUIDE_WEIGHT * parts.guide)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), LARGEST_GRADIENT)
        self.optimizer.step()
        self.step += 1
        return {"token": parts.token.item(), "ctc": parts.ctc.item(), "guide": parts.guide.item()}

    def save(self, path: Path) -> None:
        """Write the checkpoint whole or not at all."""
        scratch = path.with_suffix(".part")
        torch.save(
            {
                "step": self.step,
                "model": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
            },
            scratch,
        )
        os.replace(scratch, path)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state: dict[str, Any] = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]


def new_model(vocabulary: Vocabulary) -> DemoModel:
    """The untrained demo model for a vocabulary."""
    dimensions = Dimensions(
        row_count=vocabulary.row_count,
        text_row_count=vocabulary.text_count,
        unused_token_count=vocabulary.unused_count,
    )
    return DemoModel(dimensions, vocabulary.first_timestamp)


def main(arguments: list[str] | None = None) -> None:
    """Train until done, or until stopped: SIGTERM and Ctrl-C write a checkpoint first."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model.train")
    parser.add_argument("speech", type=Path, help="the folder of tools.demo_model.speech_bank")
    parser.add_argument("run", type=Path, help="the folder of checkpoints")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    options.run.mkdir(parents=True, exist_ok=True)
    run = Run(load_bank(options.speech / "training"), phases=PHASES, device=options.device)
    checkpoint = options.run / "checkpoint.pt"
    if checkpoint.exists():
        run.resume(checkpoint)
    deadline = time.monotonic() + 60 * options.minutes
    with _signals() as received, (options.run / "progress.tsv").open("a") as progress:
        saved = time.monotonic()
        report = Report()
        while not run.finished and not received and time.monotonic() < deadline:
            report.add(run.advance())
            if run.step % REPORT_STEPS == 0:
                rate = learning_rate(run.step - 1, run.phases)
                print(f"step {run.step}\trate {rate:.5f}\t{report}", file=progress, flush=True)
                report = Report()
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                run.save(checkpoint)
                saved = time.monotonic()
    run.save(checkpoint)
    print(f"{'finished' if run.finished else 'stopped'} after step {run.step}")


class Report:
    """The mean losses of some steps and the processor time they took."""

    def __init__(self) -> None:
        self._losses: list[dict[str, float]] = []
        self._started = time.process_time()

    def add(self, losses: dict[str, float]) -> None:
        """Count one step."""
        self._losses.append(losses)

    def __str__(self) -> str:
        seconds = time.process_time() - self._started
        means = {
            name: sum(losses[name] for losses in self._losses) / len(self._losses)
            for name in self._losses[0]
        }
        parts = [f"{name} {mean:.4f}" for name, mean in means.items()]
        return "\t".join([*parts, f"processor seconds {seconds:.0f}"])


@contextmanager
def _signals() -> Iterator[list[int]]:
    """A list that is empty until SIGTERM or SIGINT arrives; neither ends the interpreter."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    earlier = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield received
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    main()
