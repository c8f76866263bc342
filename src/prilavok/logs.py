"""How the log looks: lines for people, or JSON for machines."""

import logging
import sys
from importlib import import_module
from types import ModuleType
from typing import cast

from prilavok.settings import Settings

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def set_up(settings: Settings) -> None:
    """To standard error, from the chosen level up. Called before anything else asks for structlog."""
    _load_structlog()
    import structlog

    level = LEVELS[settings.log_level]
    # Without the values of local variables: passwords and tokens are among them.
    transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    tracebacks = structlog.processors.ExceptionRenderer(transformer)
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *([tracebacks] if settings.log_json else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr)


def _load_structlog() -> None:
    """It would load rich with it, a twelfth of a start, for a kind of traceback that we do not show. Whoever draws
    tables finds rich afterwards.
    """
    if "rich" in sys.modules or "structlog" in sys.modules:
        return
    sys.modules["rich"] = cast(ModuleType, None)  # an import of it fails, as if it were not installed
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]
