"""What is done once and takes much memory is done in a child: here the memory would stay."""

import os
import sys
from collections.abc import Callable


def in_a_child(do: Callable[[], object]) -> None:
    """Only for a process without threads. What goes wrong is said by the child; its exit code is then ours."""
    if (child := os.fork()) == 0:
        do()
        os._exit(0)
    if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit(code)
