"""Which two-operand function a `vector.reduction` folds with."""

_BY_KIND = {
    "add": ("addi", "addf"),
    "mul": ("muli", "mulf"),
    "minsi": ("minsi", "minsi"),
    "maxsi": ("maxsi", "maxsi"),
    "minui": ("minui", "minui"),
    "maxui": ("maxui", "maxui"),
    "and": ("andi", "andi"),
    "or": ("ori", "ori"),
    "xor": ("xori", "xori"),
    "minnumf": ("minnumf", "minnumf"),
    "maxnumf": ("maxnumf", "maxnumf"),
    "minimumf": ("minimumf", "minimumf"),
    "maximumf": ("maximumf", "maximumf"),
}


def reduction_function(kind: str, *, is_float: bool) -> str:
    """The arithmetic function of a reduction; `kind` is `add` or `#vector.kind<add>`."""
    word = kind.rpartition("<")[2].rstrip(">")
    return _BY_KIND[word][int(is_float)]
