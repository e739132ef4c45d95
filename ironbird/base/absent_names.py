"""What an import of something is told that upstream has and the embedded `aie` has not."""


def why_absent(path: str, instead: str | None = None) -> str:
    """The message. path: of the module or name. instead: the reason, or what to use."""
    told = f"{path} exists upstream, but not in the embedded IRON of ironbird"
    return told if instead is None else f"{told}: {instead}"
