"""What a start does not wait for. (How long it takes: python -m benchmarks cold.)"""

import subprocess
import sys

import pytest

AFTERWARDS = {
    "prilavok.__main__": {"sqlalchemy", "starlette", "prilavok.app", "asyncio"},
    "prilavok.app": {"aiohttp", "limits", "argon2", "phonenumbers", "segno", "holidays", "pymorphy3", "alembic", "rich"}
    | {"sqlalchemy.dialects.postgresql", "prilavok.language.comment", "prilavok.channels.email", "websockets", "jwt"},
}


@pytest.mark.parametrize("module", AFTERWARDS)
def test_a_start_loads_nothing_that_it_can_do_without(module: str) -> None:
    quiet = "import sys; sys.modules['rich'] = None; import structlog; del sys.modules['rich']; "
    asked = f"{quiet if module == 'prilavok.app' else ''}import sys, {module}; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert AFTERWARDS[module] & set(told.stdout.split()) == set()
