"""Times as subtitle formats write them."""

from ironbird.base.errors import UsageError


def time_as_text(seconds: float, *, always_hours: bool = False, decimal_mark: str = ".") -> str:
    """`MM:SS.mmm`, with `HH:` before it from an hour on or where always asked for."""
    if seconds < 0:
        raise UsageError(f"{seconds} s is not a time in an audio file", because="it is negative")
    rest, milliseconds = divmod(round(seconds * 1000.0), 1000)
    minutes, whole_seconds = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    prefix = f"{hours:02d}:" if always_hours or hours else ""
    return f"{prefix}{minutes:02d}:{whole_seconds:02d}{decimal_mark}{milliseconds:03d}"
