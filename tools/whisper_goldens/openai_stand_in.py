"""A scripted model where openai-whisper expects its own, and chance that both sides share.

Only for the machine that has torch: it lets openai-whisper's unchanged `transcribe` hear the same
stories and draw the same random numbers as ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import torch
import whisper
from whisper import decoding as openai_decoding

from tools.whisper_goldens.scripted_model import ScriptedModel
from whisper_pipeline.dimensions import as_mapping
from whisper_pipeline.log_mel import Features


class CrossAttention(torch.nn.Module):
    """Returns what it is given, so that openai-whisper's hooks see the scores."""

    def forward(self, scores: torch.Tensor) -> tuple[None, torch.Tensor]:
        return None, scores


class StandIn:
    """As much of `whisper.model.Whisper` as `transcribe` touches."""

    def __init__(self, scripted: ScriptedModel) -> None:
        self.scripted = scripted
        self.dims = whisper.model.ModelDimensions(**as_mapping(scripted.dimensions))
        self.device = torch.device("cpu")
        self.is_multilingual = scripted.tokenizer.is_multilingual
        self.num_languages = scripted.tokenizer.language_count
        heads = torch.zeros(self.dims.n_text_layer, self.dims.n_text_head)
        for layer, head in scripted.timing_heads:
            heads[layer, head] = 1
        self.alignment_heads = heads.to_sparse()
        layers = range(self.dims.n_text_layer)
        self.decoder = SimpleNamespace(
            blocks=[SimpleNamespace(cross_attn=CrossAttention()) for _ in layers]
        )

    def encoder(self, features: torch.Tensor) -> torch.Tensor:
        return features[:, 0, 0]

    def logits(self, tokens: torch.Tensor, audio: torch.Tensor) -> torch.Tensor:
        """All positions' logits; several rows may share a window."""
        windows = audio.repeat_interleave(len(tokens) // len(audio))
        rows = [
            self._row_logits(int(window), row)
            for window, row in zip(windows, tokens.tolist(), strict=True)
        ]
        return torch.stack(rows)

    def _row_logits(self, window: int, row: list[int]) -> torch.Tensor:
        """Only the start's and the last position's are read; the start's stand for the others."""
        start = row.index(self.scripted.tokenizer.start_of_transcript)
        at_start = torch.tensor(self.scripted.next_logits(window, row[: start + 1]))
        last = torch.tensor(self.scripted.next_logits(window, row))
        return torch.cat([at_start.expand(len(row) - 1, -1), last[None]])

    def __call__(self, features: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        window = features[:, 0, 0].long().numpy()
        logits, scores = self.scripted.timing_scores(tokens[0].tolist(), window)
        per_layer = torch.zeros(self.dims.n_text_layer, 1, self.dims.n_text_head, *scores.shape[1:])
        for (layer, head), own in zip(self.scripted.timing_heads, scores, strict=True):
            per_layer[layer, 0, head] = torch.tensor(own)
        for block, own in zip(self.decoder.blocks, per_layer, strict=True):
            block.cross_attn(own)
        return torch.tensor(logits)[None]

    detect_language = openai_decoding.detect_language
    decode = openai_decoding.decode
    transcribe = whisper.transcribe


class WholeTextInference(openai_decoding.Inference):
    """In place of the key/value cache: the model is given all tokens every time."""

    def __init__(self, model: StandIn, initial_token_length: int) -> None:
        self.model = model

    def logits(self, tokens: torch.Tensor, audio_features: torch.Tensor) -> torch.Tensor:
        return self.model.logits(tokens, audio_features)

    def rearrange_kv_cache(self, source_indices: list[int]) -> None:
        """Nothing is kept."""


@contextmanager
def shared_chance(seed: int) -> Iterator[None]:
    """Sampling by the Gumbel-max trick from numpy's generator, as ours does."""
    random = np.random.default_rng(seed)

    class Categorical:
        def __init__(self, logits: torch.Tensor) -> None:
            self.logits = logits

        def sample(self) -> torch.Tensor:
            noise = random.gumbel(size=tuple(self.logits.shape))
            return torch.tensor((self.logits.numpy() + noise).argmax(axis=1))

    with mock.patch.object(openai_decoding, "Categorical", Categorical):
        yield


def openai_transcribe(
    scripted: ScriptedModel, features: Features, options: dict[str, Any]
) -> dict[str, Any]:
    """openai-whisper's result for the scripted model."""
    module = "whisper.transcribe"
    with (
        shared_chance(0),
        mock.patch.object(openai_decoding, "PyTorchInference", WholeTextInference),
        mock.patch(f"{module}.log_mel_spectrogram", return_value=torch.tensor(features)),
    ):
        return dict(whisper.transcribe(StandIn(scripted), None, fp16=False, **options))
