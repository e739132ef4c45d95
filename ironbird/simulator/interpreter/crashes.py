"""Whether a call of a kernel crashes, found out where it harms nobody: in a child of this process.

The native simulator catches the signal and leaves the kernel's frames behind; Python cannot, as
frames of its own lie between. Only the first call of a kernel with some scalars is tried like
this: a later one that crashes ends the process.
"""

import faulthandler
import os
import resource
import warnings
from collections.abc import Callable


def crash_signal_of(call: Callable[[], object]) -> int:
    """The signal that `call` ends with, or 0 if it returns."""
    with warnings.catch_warnings():
        # Python 3.12 warns of threads that a child does not have; this one only calls C.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            faulthandler.disable()
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            call()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
