"""What the training minimises over a batch of windows: next token, CTC, and the guided head."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from tools.demo_model import features
from tools.demo_model.model import DemoModel
from tools.demo_model.windows import IGNORED, Window
from whisper_pipeline.log_mel import FRAMES_PER_SECOND
from whisper_pipeline.tokenizer import SECONDS_PER_TIMESTAMP

SMALLEST_ATTENTION = 1e-4
"""Added to the guided attention, so that a head that looks away gets a finite gradient."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Batch:
    """Windows as tensors, padded to the longest.

    features [batch, 80, frames]; first_positions [batch]; rows, targets [batch, length];
    guided [batch, length, positions] bool: where the guided head should look, all false where it
    is free; spoken: the text rows of each window for CTC, empty where a sentence is cut.
    """

    features: Tensor
    first_positions: Tensor
    rows: Tensor
    targets: Tensor
    guided: Tensor
    spoken: list[list[int]]


@dataclass(frozen=True)
class Losses:
    """The three parts of the loss, each a mean in nats."""

    token: Tensor
    ctc: Tensor
    guide: Tensor


def collate(
    windows: list[Window],
    generator: np.random.Generator,
    *,
    padding_row: int,
    device: torch.device,
) -> Batch:
    """Windows of one length to a batch, with coloured and masked features."""
    sound = torch.from_numpy(np.stack([window.sound for window in windows])).to(device)
    colouring = torch.from_numpy(features.colourings(generator, len(windows))).to(device)
    mel = features.log_mel(sound, colouring)
    features.mask_bands_and_moments(mel, generator)
    length = max(len(window.rows) for window in windows)
    rows = torch.full((len(windows), length), padding_row)
    targets = torch.full((len(windows), length), IGNORED)
    guided = torch.zeros((len(windows), length, mel.shape[-1] // 2), dtype=torch.bool)
    for index, window in enumerate(windows):
        mel[index, :, round(window.content_seconds * FRAMES_PER_SECOND) :] = 0.0
        rows[index, : len(window.rows)] = torch.tensor(window.rows)
        targets[index, : len(window.targets)] = torch.tensor(window.targets)
        for place, span in enumerate(window.spans):
            if span is not None:
                first = max(0, int(span[0] / SECONDS_PER_TIMESTAMP))
                guided[index, place, first : int(span[1] / SECONDS_PER_TIMESTAMP) + 1] = True
    offsets = [round(window.offset_seconds / SECONDS_PER_TIMESTAMP) for window in windows]
    return Batch(
        features=mel,
        first_positions=torch.tensor(offsets, device=device),
        rows=rows.to(device),
        targets=targets.to(device),
        guided=guided.to(device),
        spoken=[[] if window.cut else window.spoken for window in windows],
    )


def losses(model: DemoModel, batch: Batch) -> Losses:
    """The three losses of a batch; the matrix products run in bfloat16."""
    with torch.autocast(batch.features.device.type, torch.bfloat16):
        audio = model.encoder(batch.features, batch.first_positions)
        logits, alignment = model.decoder(batch.rows, audio)
        ctc_logits = model.ctc(audio)
    token = F.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED)
    seen = (alignment * batch.guided).sum(-1)[batch.guided.any(-1)]
    guide = -(seen + SMALLEST_ATTENTION).log().mean() if len(seen) else token.new_zeros(())
    return Losses(token, _ctc(ctc_logits.float(), batch.spoken), guide)


def _ctc(logits: Tensor, spoken: list[list[int]]) -> Tensor:
    """CTC over the windows that have a whole transcript; the blank is the last class."""
    whole = [index for index, rows in enumerate(spoken) if rows]
    if not whole:
        return logits.new_zeros(())
    labels = [torch.tensor(spoken[index]) for index in whole]
    positions, classes = logits.shape[1:]
    return F.ctc_loss(
        logits[whole].log_softmax(-1).transpose(0, 1),
        torch.cat(labels).to(logits.device),
        torch.full((len(whole),), positions),
        torch.tensor([len(label) for label in labels]),
        blank=classes - 1,
        zero_infinity=True,
    )
