"""The demo model in torch, for training: a Whisper whose embedding has only the rows in use.

Parameters carry the names of openai-whisper's checkpoints, so that the expanded file loads there.
Beside Whisper itself there is a CTC head on the encoder, which only the training uses, and one
cross-attention head whose weights come out, so that the training can guide it.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ALIGNMENT_LAYER, ALIGNMENT_HEAD = 1, 0
"""The decoder layer and head whose cross-attention follows the words."""


@dataclass(frozen=True, kw_only=True)
class Dimensions:
    """The sizes of the model; `row_count` is the compact vocabulary with its shared last row."""

    row_count: int
    text_row_count: int
    unused_token_count: int
    width: int = 128
    head_count: int = 2
    encoder_layers: int = 2
    decoder_layers: int = 2
    mel_count: int = 80
    audio_positions: int = 1500
    text_positions: int = 448


class Attention(nn.Module):
    """Attention of several heads; keys have no bias, as in Whisper."""

    def __init__(self, width: int, head_count: int) -> None:
        super().__init__()
        self.head_count = head_count
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, source: Tensor, *, causal: bool = False) -> tuple[Tensor, Tensor]:
        """The result, and the weights [batch, head, x positions, source positions]."""
        query, key, value = (
            project.unflatten(2, (self.head_count, -1)).transpose(1, 2)
            for project in (self.query(x), self.key(source), self.value(source))
        )
        scores = query / math.sqrt(query.shape[-1]) @ key.transpose(2, 3)
        if causal:
            later = torch.ones(scores.shape[2:], dtype=torch.bool, device=x.device).triu(1)
            scores = scores.masked_fill(later, -torch.inf)
        weights = scores.softmax(-1)
        return self.out((weights.to(value.dtype) @ value).transpose(1, 2).flatten(2)), weights


class Block(nn.Module):
    """A layer of the encoder, or with `cross` of the decoder."""

    def __init__(self, width: int, head_count: int, *, cross: bool) -> None:
        super().__init__()
        self.attn = Attention(width, head_count)
        self.attn_ln = nn.LayerNorm(width)
        if cross:
            self.cross_attn = Attention(width, head_count)
            self.cross_attn_ln = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.mlp_ln = nn.LayerNorm(width)

    def forward(self, x: Tensor, audio: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """The result, and where its cross-attention looked."""
        normal = self.attn_ln(x)
        x = x + self.attn(normal, normal, causal=audio is not None)[0]
        looked = None
        if audio is not None:
            heard, looked = self.cross_attn(self.cross_attn_ln(x), audio)
            x = x + heard
        return x + self.mlp(self.mlp_ln(x)), looked


class Encoder(nn.Module):
    """Features to states, one every 20 ms."""

    positional_embedding: Tensor

    def __init__(self, dimensions: Dimensions) -> None:
        super().__init__()
        width = dimensions.width
        self.conv1 = nn.Conv1d(dimensions.mel_count, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("positional_embedding", sinusoids(dimensions.audio_positions, width))
        self.blocks = nn.ModuleList(
            Block(width, dimensions.head_count, cross=False)
            for _ in range(dimensions.encoder_layers)
        )
        self.ln_post = nn.LayerNorm(width)

    def forward(self, features: Tensor, first_positions: Tensor) -> Tensor:
        """[batch, mels, frames] to [batch, frames / 2, width].

        first_positions: where in a 30 s window each shorter one starts, in positions of 20 ms.
        """
        x = F.gelu(self.conv2(F.gelu(self.conv1(features)))).transpose(1, 2)
        positions = first_positions[:, None] + torch.arange(x.shape[1], device=x.device)
        x = x + self.positional_embedding[positions]
        for block in self.blocks:
            x, _ = block(x)
        states: Tensor = self.ln_post(x)
        return states


class Decoder(nn.Module):
    """Rows of tokens and encoder states to logits of the next row, and the alignment weights."""

    def __init__(self, dimensions: Dimensions) -> None:
        super().__init__()
        width = dimensions.width
        self.token_embedding = nn.Embedding(dimensions.row_count, width)
        self.positional_embedding = nn.Parameter(torch.empty(dimensions.text_positions, width))
        self.blocks = nn.ModuleList(
            Block(width, dimensions.head_count, cross=True)
            for _ in range(dimensions.decoder_layers)
        )
        self.ln = nn.LayerNorm(width)
        self.shared_row_gain = math.log(dimensions.unused_token_count)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        nn.init.normal_(self.positional_embedding, std=0.01)

    def forward(self, rows: Tensor, audio: Tensor) -> tuple[Tensor, Tensor]:
        """[batch, length] to float32 logits [batch, length, rows] and weights [.., positions].

        The last row's logit stands for all unused tokens together.
        """
        x = self.token_embedding(rows) + self.positional_embedding[: rows.shape[1]]
        alignment = None
        for layer, block in enumerate(self.blocks):
            x, looked = block(x, audio)
            if layer == ALIGNMENT_LAYER:
                alignment = looked[:, ALIGNMENT_HEAD].float()
        logits = (self.ln(x) @ self.token_embedding.weight.T).float()
        together = torch.zeros(logits.shape[-1], device=logits.device)
        together[-1] = self.shared_row_gain
        assert alignment is not None, f"the decoder has no layer {ALIGNMENT_LAYER}"
        return logits + together, alignment


class DemoModel(nn.Module):
    """Encoder and decoder, and the CTC head of the training."""

    def __init__(self, dimensions: Dimensions, first_timestamp_row: int) -> None:
        super().__init__()
        self.dimensions = dimensions
        self.encoder = Encoder(dimensions)
        self.decoder = Decoder(dimensions)
        self.ctc = nn.Linear(dimensions.width, dimensions.text_row_count + 1)
        timestamps = self.decoder.token_embedding.weight[first_timestamp_row:-1]
        with torch.no_grad():
            timestamps += 0.02 * sinusoids(len(timestamps), dimensions.width)


def sinusoids(length: int, width: int) -> Tensor:
    """[length, width] of sines and cosines with wavelengths from 2 pi to 20,000 pi positions."""
    half = width // 2
    rates = torch.exp(-math.log(10_000) / (half - 1) * torch.arange(half))
    angles = torch.arange(length)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)
