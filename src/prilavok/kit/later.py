"""Libraries that cost much to load and that a start can do without.

Written as an import for whoever reads or checks the code, and loaded when something of it is first asked for:

    if TYPE_CHECKING:
        import segno
    else:
        segno = later("segno")
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    def __getattr__(self, name: str) -> Any:
        # Python itself lets one thread load a module and the others wait for it.
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)  # the next time it is an attribute like any other
        return found


def later(name: str) -> ModuleType:
    """Stands for the module `name` until it is needed."""
    return _Later(name)
