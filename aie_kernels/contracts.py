"""The contract of every exported symbol, at the sizes tests and the support table use."""

from aie_kernels.attention_contracts import (
    ATTENTION_ACCUMULATE_BF16_F32,
    ATTENTION_BEGIN_BF16,
    ATTENTION_CONTRACTS,
    ATTENTION_FINISH_F32_BF16,
    ATTENTION_WEIGHTS_BF16,
    ATTENTION_WEIGHTS_MASKED_BF16,
)
from aie_kernels.attention_i8_contracts import ATTENTION_I8
from aie_kernels.attention_row_contracts import (
    ATTENTION_ROW_APPEND_BF16,
    ATTENTION_ROW_BEGIN_BF16,
    ATTENTION_ROW_CONTRACTS,
    ATTENTION_ROW_FINISH_F32_BF16,
    ATTENTION_ROW_FOLD_BF16_F32,
)
from aie_kernels.contract import Argument, KernelContract, Role, Symbol
from aie_kernels.gelu_contracts import gelu_bf16, gelu_i8
from aie_kernels.layer_norm_contracts import (
    layer_norm_bf16,
    layer_norm_i8,
    layer_norm_plain_bf16,
)
from aie_kernels.mel_contracts import (
    MEL_ACCUMULATE_I16_F32,
    MEL_CONTRACTS,
    MEL_FINISH_F32,
    MEL_FINISH_F32_I8,
)
from aie_kernels.mm_begin_contracts import mm_begin
from aie_kernels.mm_contracts import BLOCKS, BlockSizes, mm
from aie_kernels.mm_finish_contracts import (
    mm_finish,
    mm_finish_gelu,
    mm_requantise_i32_i8,
    mm_requantise_tile,
)
from aie_kernels.mv_contracts import MV_BLOCKS, mv
from aie_kernels.mv_w8a8_contracts import mv_i8_i32, mv_scale_i32_f32
from aie_kernels.quantise_contracts import mm_dequantise, quantise_bf16_i8
from aie_kernels.row_contracts import (
    add,
    passthrough_i32,
    reduce_max_i32,
    scale_i32,
    softmax_bf16,
    zero,
)
from aie_kernels.softmax_contracts import SOFTMAX_CONTRACTS
from aie_kernels.top_k_contracts import rank_f32_i32, top_k_i32, top_k_merge_i32

__all__ = [
    "ADD_BF16",
    "ADD_I32",
    "ATTENTION_ACCUMULATE_BF16_F32",
    "ATTENTION_BEGIN_BF16",
    "ATTENTION_FINISH_F32_BF16",
    "ATTENTION_ROW_APPEND_BF16",
    "ATTENTION_ROW_BEGIN_BF16",
    "ATTENTION_ROW_FINISH_F32_BF16",
    "ATTENTION_ROW_FOLD_BF16_F32",
    "ATTENTION_WEIGHTS_BF16",
    "ATTENTION_WEIGHTS_MASKED_BF16",
    "BLOCKS",
    "CONTRACTS",
    "GELU_BF16",
    "GELU_I8",
    "LAYER_NORM_BF16",
    "LAYER_NORM_I8",
    "LAYER_NORM_PLAIN_BF16",
    "MEL_ACCUMULATE_I16_F32",
    "MEL_FINISH_F32",
    "MEL_FINISH_F32_I8",
    "MM_BEGIN_BF16_F32",
    "MM_BF16_F32",
    "MM_DEQUANTISE_I32_BF16",
    "MM_FINISH_F32_BF16",
    "MM_FINISH_GELU_F32_BF16",
    "MM_FINISH_RESIDUAL_F32_BF16",
    "MM_I8_I32",
    "MM_I16_I32",
    "MM_REQUANTISE_I32_I8",
    "MM_REQUANTISE_TILE_I32_I8",
    "MV_BF16_F32",
    "MV_BLOCKS",
    "MV_I8_I32",
    "MV_SCALE_I32_F32",
    "PASSTHROUGH_I32",
    "QUANTISE_BF16_I8",
    "RANK_F32_I32",
    "REDUCE_MAX_I32",
    "SCALE_I32",
    "SOFTMAX_BF16",
    "TOP_K_I32",
    "TOP_K_MERGE_I32",
    "ZERO_F32",
    "ZERO_I32",
    "Argument",
    "BlockSizes",
    "KernelContract",
    "Role",
    "Symbol",
    "add",
    "gelu_bf16",
    "gelu_i8",
    "layer_norm_bf16",
    "layer_norm_i8",
    "layer_norm_plain_bf16",
    "mm",
    "mm_begin",
    "mm_dequantise",
    "mm_finish",
    "mm_finish_gelu",
    "mm_requantise_i32_i8",
    "mm_requantise_tile",
    "mv",
    "mv_i8_i32",
    "mv_scale_i32_f32",
    "passthrough_i32",
    "quantise_bf16_i8",
    "rank_f32_i32",
    "reduce_max_i32",
    "scale_i32",
    "softmax_bf16",
    "top_k_i32",
    "top_k_merge_i32",
    "zero",
]

PASSTHROUGH_I32 = passthrough_i32()
ADD_I32 = add("i32")
ADD_BF16 = add("bf16")
SCALE_I32 = scale_i32()
REDUCE_MAX_I32 = reduce_max_i32()
ZERO_F32 = zero("f32")
ZERO_I32 = zero("i32")
SOFTMAX_BF16 = softmax_bf16()
GELU_BF16 = gelu_bf16()
GELU_I8 = gelu_i8()
LAYER_NORM_BF16 = layer_norm_bf16()
LAYER_NORM_PLAIN_BF16 = layer_norm_plain_bf16()
LAYER_NORM_I8 = layer_norm_i8()
MM_I8_I32 = mm("i8", "i32")
MM_I16_I32 = mm("i16", "i32")
MM_BF16_F32 = mm("bf16", "f32")
MM_BEGIN_BF16_F32 = mm_begin()
MM_FINISH_F32_BF16 = mm_finish()
MM_FINISH_GELU_F32_BF16 = mm_finish_gelu()
MM_FINISH_RESIDUAL_F32_BF16 = mm_finish(residual=True)
MM_REQUANTISE_I32_I8 = mm_requantise_i32_i8()
MM_REQUANTISE_TILE_I32_I8 = mm_requantise_tile()
MM_DEQUANTISE_I32_BF16 = mm_dequantise()
QUANTISE_BF16_I8 = quantise_bf16_i8()
MV_BF16_F32 = mv("bf16", "f32")
MV_I8_I32 = mv_i8_i32()
MV_SCALE_I32_F32 = mv_scale_i32_f32()
RANK_F32_I32 = rank_f32_i32()
TOP_K_I32 = top_k_i32()
TOP_K_MERGE_I32 = top_k_merge_i32()

CONTRACTS: tuple[KernelContract, ...] = (
    PASSTHROUGH_I32,
    ADD_I32,
    ADD_BF16,
    SCALE_I32,
    REDUCE_MAX_I32,
    ZERO_F32,
    ZERO_I32,
    SOFTMAX_BF16,
    GELU_BF16,
    GELU_I8,
    LAYER_NORM_BF16,
    LAYER_NORM_PLAIN_BF16,
    LAYER_NORM_I8,
    MM_I8_I32,
    MM_I16_I32,
    MM_BF16_F32,
    MM_BEGIN_BF16_F32,
    MM_FINISH_F32_BF16,
    MM_FINISH_GELU_F32_BF16,
    MM_FINISH_RESIDUAL_F32_BF16,
    MM_REQUANTISE_I32_I8,
    MM_REQUANTISE_TILE_I32_I8,
    MM_DEQUANTISE_I32_BF16,
    QUANTISE_BF16_I8,
    MV_BF16_F32,
    MV_I8_I32,
    MV_SCALE_I32_F32,
    RANK_F32_I32,
    TOP_K_I32,
    TOP_K_MERGE_I32,
    *ATTENTION_CONTRACTS,
    *ATTENTION_ROW_CONTRACTS,
    *MEL_CONTRACTS,
    ATTENTION_I8,
    *SOFTMAX_CONTRACTS,
)
"""Every exported symbol once."""
