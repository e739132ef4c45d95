"""Attention on what one product left: queries, keys and values side by side, heads side by side.

    qkv      [rows, 3 width]:  queries of every head | keys of every head | values of every head
    result   [rows, width]:    every head, as the product behind it reads them

A head is 64 columns, so a transfer reads runs of 128 bytes; nothing is moved between launches.
"""

from dataclasses import replace
from typing import Any

from designs import attention
from designs.attention_work import Case, Layout


def design(case: Case) -> Any:
    """The program. Tensors: qkv, qkv again, the mask if there is one, the result; rows behind the
    last position count not.

    Raises ValueError for a case in which a position lacks one of the three.
    """
    if case.queries != case.keys:
        raise ValueError(
            f"attention of {case.queries} queries and {case.keys} keys; side by side every "
            f"position has all three"
        )
    apart = Layout.of(case)
    rows, width = apart.q
    qkv = (rows, 3 * width)
    return attention.design(case, replace(apart, q=qkv, kv=qkv, first_key_column=width))
