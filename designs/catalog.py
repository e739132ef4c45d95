"""Every design there is: `CATALOG[name]` is its module. Tests and tools iterate over it."""

from types import ModuleType

from designs import (
    add,
    attention,
    attention_row,
    conv1d,
    decoder_block,
    encoder_block,
    ffn,
    gelu,
    gelu_i8,
    layer_norm,
    layer_norm_i8,
    linear,
    matmul,
    mv,
    mv_w8a8,
    packed_matmul,
    passthrough,
    reduce_max,
    scale,
    softmax,
    top_k,
    transpose,
    vector_add,
)

CATALOG: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        passthrough,
        vector_add,
        scale,
        transpose,
        reduce_max,
        softmax,
        top_k,
        gelu,
        gelu_i8,
        layer_norm,
        layer_norm_i8,
        matmul,
        linear,
        mv,
        mv_w8a8,
        packed_matmul,
        conv1d,
        add,
        attention,
        attention_row,
        ffn,
        encoder_block,
        decoder_block,
    )
}
