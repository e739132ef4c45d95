"""Attention to keys and values that lie in pairs, as one product with all weights leaves them.

queries  [rows, width]:    heads side by side
pairs    [rows, 2 width]:  of every head its keys, then its values
result   [rows, width]:    every head, as the product behind it reads them
"""

from dataclasses import replace
from typing import Any

from designs import attention
from designs.attention_work import WIDTH, Case, Layout


def design(case: Case) -> Any:
    """The program. Tensors: queries, pairs, the mask if there is one, the result."""
    layout = replace(Layout.of(case), head_columns=2 * WIDTH, value_columns=WIDTH)
    return attention.design(case, layout)
