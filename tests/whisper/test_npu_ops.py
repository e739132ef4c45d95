"""The model through designs on the array agrees with the model on the host: op by op, and whole."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings

from aie_kernels.layer_norm_contracts import LAYER_NORM_TOLERANCE
from aie_kernels.mm_finish_contracts import NARROWED_SUM_TOLERANCE
from aie_kernels.row_contracts import ADD_BF16_TOLERANCE
from designs import attention_row, attention_work, mv
from designs.case import BFLOAT16
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import EXACT, judge
from ironbird.simulator.options import Numerics
from tools.whisper_goldens.random_model import random_checkpoint, random_features, random_tokens
from whisper_pipeline.checkpoint import Checkpoint
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.ledger import HOST, Ledger
from whisper_pipeline.model import Whisper
from whisper_pipeline.npu import launches
from whisper_pipeline.npu.buffers import Buffer
from whisper_pipeline.npu.key_values import Pairs
from whisper_pipeline.npu_ops import NpuOps
from whisper_pipeline.ops import Array

SMALL = ModelDimensions(80, 1500, 128, 2, 2, 51865, 448, 128, 2, 2)
"""As the shipped model."""

ONE_LAYER = replace(SMALL, n_audio_layer=1, n_text_layer=1)
"""The programs are the same."""

STATES_BAR, LOGITS_BAR = 0.015, 0.02
"""Relative L2: two and a half times what products in bf16 make of tiny's four layers."""

TOLERANCES = {
    "convolve": NARROWED_SUM_TOLERANCE,
    "normalise": LAYER_NORM_TOLERANCE,
    "project": NARROWED_SUM_TOLERANCE,
    "pairs": NARROWED_SUM_TOLERANCE,
    "attend_itself": attention_work.DRAWN_TOLERANCE,
    "attend_cache": attention_row.CASES[0].tolerance,
    "attend_pairs": attention_row.CASES[0].tolerance,
    "logits": mv.CASES[0].tolerance,
    "embed": ADD_BF16_TOLERANCE,
    "at": EXACT,
    "scores": EXACT,
}
"""Those of the designs' contracts."""

AUDIOS, ROWS_PER_AUDIO, PROMPT, LONG_PROMPT = 2, 2, 3, 20
TEXTS = AUDIOS * ROWS_PER_AUDIO


class Both(NamedTuple):
    """What the host and the device each keep of the same."""

    host: Any
    device: Any


class ComparedOps:
    """Ops of the device, each judged by the host's on the same inputs; `judged` counts them."""

    def __init__(self, device: NpuOps) -> None:
        self._host, self._device = HostOps(), device
        self.check, self.launch, self.select = device.check, device.launch, device.select
        self.judged: dict[str, int] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        each = Both(getattr(self._host, name), getattr(self._device, name))

        def kept(*arguments: Any) -> Both:
            return Both(*(make(*arguments) for make in each))

        def judged(*arguments: Any, **options: Any) -> Any:
            on_host = {name: self._on_host(value) for name, value in options.items()}
            expected = each.host(*map(self._on_host, arguments), **on_host)
            of_device = (v.device if isinstance(v, Both) else v for v in arguments)
            found = each.device(*of_device, **options)
            if expected is not None:
                verdict = judge(self._on_host(found), expected, TOLERANCES[name])
                assert verdict, f"{name}: {verdict}"
                self.judged[name] = self.judged.get(name, 0) + 1
            return found

        return kept if name.startswith("lay_out") or name == "cache" else judged

    def _on_host(self, value: Any) -> Any:
        if isinstance(value, Both):
            return value.host
        if isinstance(value, Pairs):
            return self._device.fetch(value.buffer)
        return self._device.fetch(value) if isinstance(value, Buffer) else value


def relative_l2(found: Array, expected: Array) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def in_bfloat16(checkpoint: Checkpoint) -> Checkpoint:
    """So that the device rounds no weight."""
    tensors = {name: each.astype(BFLOAT16) for name, each in checkpoint.tensors.items()}
    return Checkpoint(checkpoint.dimensions, tensors, source=checkpoint.source)


@pytest.fixture(scope="module")
def ops() -> NpuOps:
    return NpuOps(Ledger())


@pytest.fixture(scope="module")
def host() -> Whisper:
    return Whisper(random_checkpoint(SMALL), HostOps())


@pytest.fixture(scope="module")
def device(ops: NpuOps) -> Whisper:
    return Whisper(random_checkpoint(SMALL), ops)


@pytest.fixture(scope="module")
def audio(host: Whisper, device: Whisper) -> tuple[Array, Buffer]:
    features = random_features(SMALL, AUDIOS)
    return np.asarray(host.encode(features)), device.encode(features)


def test_states_of_audio(audio: tuple[Array, Buffer]) -> None:
    expected, found = audio
    states = found.fetched()
    assert states.shape == expected.shape
    for window in range(AUDIOS):
        assert relative_l2(states[window], expected[window]) < STATES_BAR


def test_logits_of_a_prompt_and_steps(
    host: Whisper, device: Whisper, audio: tuple[Array, Buffer]
) -> None:
    """Two texts about each window, which change places in between."""
    expected_texts, texts = (
        model.begin(of, AUDIOS, ROWS_PER_AUDIO)
        for model, of in zip((host, device), audio, strict=True)
    )
    tokens = random_tokens(SMALL, TEXTS, PROMPT + 2)
    for first, count, positions in ((0, PROMPT, (0, PROMPT - 1)), (PROMPT, 1, (0,)), (4, 1, (0,))):
        given = tokens[:, first : first + count]
        expected = expected_texts.logits(given, positions)
        found = texts.logits(given, positions)
        assert found.shape == expected.shape
        for row in range(TEXTS):
            assert relative_l2(found[row], expected[row]) < LOGITS_BAR
        for each in (expected_texts, texts):
            each.rearrange([1, 1, 3, 2])


IN_DEEP = pytest.mark.skipif(
    settings.get_current_profile_name() != "deep", reason="takes minutes; HYPOTHESIS_PROFILE=deep"
)


@pytest.mark.parametrize("numerics", ["fast", pytest.param("silicon", marks=IN_DEEP)])
def test_every_op_agrees_within_its_contract(numerics: Numerics) -> None:
    compared = ComparedOps(NpuOps(Ledger(), numerics=numerics))
    model = Whisper(in_bfloat16(random_checkpoint(ONE_LAYER)), compared)
    features = random_features(SMALL, 1).astype(BFLOAT16).astype(np.float32)
    audio = model.select(model.encode(features), [0, 0])
    texts = model.begin(audio, AUDIOS, ROWS_PER_AUDIO)
    tokens = random_tokens(SMALL, TEXTS, LONG_PROMPT + 1)
    texts.advance(tokens[:, :LONG_PROMPT], (0, LONG_PROMPT - 1), model.timing_heads)
    texts.rearrange([1, 0, 2, 2])
    texts.logits(tokens[:, LONG_PROMPT:], (0,))
    assert compared.judged == {
        "convolve": 2,
        "normalise": 3 + 2 * 4,
        "project": 4 + 2 * 6,
        "attend_itself": 1,
        "pairs": 1,
        "embed": 2,
        "attend_cache": 2,
        "scores": 2,
        "attend_pairs": 2,
        "at": 2,
        "logits": 2,
    }


def test_the_ledger_counts_every_launch(ops: NpuOps, device: Whisper) -> None:
    before = _counts(ops.ledger)
    audio = device.select(device.encode(random_features(SMALL, 1)), [0] * AUDIOS)
    texts = device.begin(audio, AUDIOS, ROWS_PER_AUDIO)
    texts.logits(random_tokens(SMALL, TEXTS, 1), (0,))
    assert _launched_since(before, ops.ledger) == {
        "convolutions": [1, 3],
        "encoder layers": [2, 14],
        "audio norm": [1, 1],
        "cross keys and values": [2 * AUDIOS, 2 * AUDIOS],
        "step": [1, 2 * 11 + 2],
    }
    for work in ops.ledger.works:
        on_host = work.where == HOST
        assert on_host or work.where.startswith("simulator (native, ")
        assert (work.cycles > 0, work.ddr_bytes > 0) == (not on_host, not on_host)


@pytest.mark.parametrize(
    ("count", "prompt"),
    [
        (PROMPT, [1, 2 * (9 + 2 * PROMPT) + 2]),
        (LONG_PROMPT, [TEXTS + 1, TEXTS * 2 * 11 + 2]),
    ],
)
def test_the_launches_of_prompts(
    ops: NpuOps, device: Whisper, audio: tuple[Array, Buffer], count: int, prompt: list[int]
) -> None:
    """A short one attends position by position; of a long one every text is a launch."""
    texts = device.begin(audio[1], AUDIOS, ROWS_PER_AUDIO)
    before = _counts(ops.ledger)
    texts.logits(random_tokens(SMALL, TEXTS, count), range(count) if count == PROMPT else (0,))
    assert _launched_since(before, ops.ledger) == {"prompt": prompt}


def test_steps_share_their_programs(
    device: Whisper, audio: tuple[Array, Buffer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the length of the text, and whichever the tokens."""
    texts = device.begin(audio[1], AUDIOS, ROWS_PER_AUDIO)
    tokens = random_tokens(SMALL, TEXTS, 4)
    texts.logits(tokens[:, :1], (0,))

    def refused(*_: Any, **how: Any) -> None:
        raise AssertionError(f"{how} is compiled again")

    monkeypatch.setattr(launches, "compile", refused)
    for place in range(1, 4):
        texts.logits(tokens[:, place : place + 1], (0,))


def _launched_since(
    before: dict[str, npt.NDArray[np.int64]], ledger: Ledger
) -> dict[str, list[int]]:
    after = _counts(ledger)
    more = {stage: (after[stage] - before[stage]).tolist() for stage in after}
    return {stage: counts for stage, counts in more.items() if counts != [0, 0]}


def _counts(ledger: Ledger) -> dict[str, npt.NDArray[np.int64]]:
    """Launches and configurations of each stage."""
    counts: dict[str, npt.NDArray[np.int64]] = defaultdict(lambda: np.zeros(2, np.int64))
    for work in ledger.works:
        if work.where != HOST:
            counts[work.stage] = counts[work.stage] + (work.count, work.configurations)
    return counts


def test_a_model_with_other_heads_is_refused() -> None:
    narrow = ModelDimensions(80, 1500, 128, 4, 2, 51865, 448, 128, 2, 2)
    with pytest.raises(
        UsageError,
        match=r"^this model cannot run on the array: n_audio_state is 128 and n_audio_head 4\n"
        r"  because: attention on the array is of heads 64 wide\n  try: --device host$",
    ):
        NpuOps(Ledger()).check(narrow)
