"""What is done in a child is done, and what goes wrong there ends the parent too: in a process of its own."""

import subprocess
import sys

FORK = """
import sys
from prilavok.apart import in_a_child
in_a_child(lambda: print("done", flush=True))
in_a_child(lambda: sys.exit("the database cannot be opened"))
print("never said")
"""


def test_the_child_does_it_and_its_failure_is_said_once_and_is_ours():
    ended = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "done\n", "the database cannot be opened\n")
