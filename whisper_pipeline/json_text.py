"""JSON that came with a model to what it states, with errors that name where it came from."""

import json
from typing import Any

from ironbird.base.errors import UsageError


def stated(text: str | bytes, source: str) -> Any:
    """What the text says. Raises UsageError, which begins with `source`, if it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{source} is not JSON", because=str(error)) from error
