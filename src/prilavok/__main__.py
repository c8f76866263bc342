"""The command line."""

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from prilavok import __version__
from prilavok.domain.errors import BadInput, NeedsOwner, NotFound, TryLater, Undeliverable
from prilavok.settings import DEMO_DATA, BadSetting, Settings

# A command imports what it needs where it begins: whoever asks for help does not wait for the database.
if TYPE_CHECKING:
    from prilavok.app import House

# Plain: for the few words of markdown in our help its reader would be loaded, a third of the time that help takes.
app = App(
    name="prilavok",
    help="The shop counter: every channel in one inbox.",
    help_format="plaintext",
    version=__version__,
)
shop_app = App(name="shop", help="The shops of this installation.")
agent_app = App(name="agent", help="Colleagues.")
inbox_app = App(name="inbox", help="Connected channels.")
journal_app = App(name="journal", help="Deliveries as they came.")
orders_app = App(name="orders", help="Orders.")
for part in (shop_app, agent_app, inbox_app, journal_app, orders_app):
    app.command(part)

# Things made before Python looks for circles among them. Every 700, as it would, is a tenth of a start; and of the
# thousands of rows of a batch counting alone frees all, where looking for circles took an eighth of its time.
GARBAGE = 25_000

Data = Annotated[Path | None, Parameter(name="--data", help="The data folder (PRILAVOK_DATA).")]
Every = Annotated[bool, Parameter(negative="", help="Also those vendors that one shop rarely has beside the others.")]


@app.command
def serve(*, host: str | None = None, port: int | None = None, data: Data = None) -> None:
    """Migrates, then serves pages, hooks and sockets and does the work behind them."""
    settings = _settings(data, host=host, port=port)
    from prilavok.app import build, make_app, warm
    from prilavok.server import Server

    house = build(settings)
    _say(f"Prilavok {__version__} on {settings.public_url}")
    _serve(Server(make_app(house), settings, after_start=partial(warm, house)))


@app.command
def demo(*, host: str | None = None, port: int | None = None, data: Data = None, every_channel: Every = False) -> None:
    """Serves a shop with a year of history, and the customer's telephone: no account anywhere is needed."""
    folder = data or Path(os.environ.get("PRILAVOK_DATA") or DEMO_DATA)
    trusted = os.environ.get("PRILAVOK_TRUSTED_NETWORKS") or "127.0.0.0/8"
    settings = _settings(folder.absolute(), host=host, port=port, trusted_networks=trusted)
    from prilavok.apart import in_a_child
    from prilavok.app import warm
    from prilavok.demo import Size, furnish_if_empty, put_together
    from prilavok.server import Server

    in_a_child(partial(furnish_if_empty, settings, Size(), _say, every_channel=every_channel))
    made = put_together(settings)
    url = settings.public_url
    _say(
        f"""
  Prilavok {__version__}, the demo

  The inbox       {url}/          sign in: {made.email} · {made.password}
  The telephone   {url}/phone     what a customer sees: chat, Telegram, mail
  The shop        {url}/shop      a page with the widget
  Stop with Ctrl+C. Everything lies in {settings.data}; remove it to begin anew.
"""
    )
    _serve(Server(made.application, settings, made.before_stop, partial(warm, made.house)))


@app.command
def work(*, data: Data = None) -> None:
    """Only the work behind: delivering, listening, recurring jobs. For installations of several processes."""
    settings = _settings(data)
    if settings.database_url.startswith("sqlite"):
        raise BadInput("SQLite is for one process: “prilavok serve” does the work itself. For several, set PostgreSQL.")
    import asyncio

    from prilavok.app import build, running, warm

    house = build(settings)

    async def forever() -> None:
        async with running(house):
            await asyncio.to_thread(warm, house)
            await asyncio.Event().wait()

    _until_stopped(forever)


@app.command
def migrate(*, data: Data = None) -> None:
    """Brings the database to this version."""
    from prilavok.store.base import open_engine
    from prilavok.store.migrate import migrate as bring_up

    engine = open_engine(_settings(data).database_url)
    before, now = bring_up(engine)
    engine.dispose()
    _say(f"The database is at {now}." if before == now else f"From {before or 'nothing'} to {now}.")


@app.command
def backup(file: Path, *, data: Data = None) -> None:
    """Writes everything (rows, files, key) into one archive; a server may go on running."""
    from prilavok.backup import back_up

    back_up(_settings(data), file, _say)


@app.command
def restore(file: Path, *, data: Data = None) -> None:
    """Reads a backup of this or an older version into an empty installation, on either database."""
    from prilavok.backup import restore as bring_back

    bring_back(_settings(data), file, _say)


@shop_app.command(name="add")
def add_shop(
    name: str, *, language: str = "uk", timezone: str = "Europe/Kyiv", currency: str = "UAH", data: Data = None
) -> None:
    """Opens a shop and prints its number."""
    from prilavok.flows import admit

    shop_id = _once(
        data,
        lambda house: house.bus.do_and_wait(
            admit.open_shop, name, language=language, timezone=timezone, currency=currency
        ),
    )
    print(shop_id)


@app.command
def owner(email: str, *, shop: str | None = None, data: Data = None) -> None:
    """Makes the shop's owner when there is none and prints a one-time sign-in link."""
    from prilavok.desk import sign_in_link

    print(_once(data, lambda house: sign_in_link(house, email, shop)))


@agent_app.command(name="add")
def add_agent(email: str, *, name: str = "", role: str = "agent", shop: str | None = None, data: Data = None) -> None:
    """Adds a colleague (role: agent, admin) and prints their one-time sign-in link."""
    from prilavok.desk import hire_agent

    print(_once(data, lambda house: hire_agent(house, email, name, role, shop)))


@app.command
def token(email: str, *, revoke: bool = False, data: Data = None) -> None:
    """Prints a new API token with the rights of this person; --revoke ends all that they have."""
    from prilavok.desk import api_token, revoke_tokens

    print(_once(data, lambda house: (revoke_tokens if revoke else api_token)(house, email)))


@inbox_app.command(name="add")
def add_inbox(
    kind: str,
    *,
    name: str,
    set_: Annotated[list[str], Parameter(name="--set", help="key=value, as often as needed", negative="")] = [],  # noqa: B006
    shop: str | None = None,
    check: bool = True,
    data: Data = None,
) -> None:
    """Connects a channel; prints the inbox's id and the address of its hook."""
    from prilavok.desk import connect_inbox

    print(_once(data, lambda house: connect_inbox(house, kind, name, set_, shop, check=check)))


@journal_app.command
def replay(*ids: str, shop: str | None = None, data: Data = None) -> None:
    """Takes failed deliveries again: the named ones, or all."""
    from prilavok.desk import replay_failed

    print(_once(data, lambda house: replay_failed(house, ids, shop)))


@orders_app.command(name="import")
def import_orders(file: Path, *, shop: str | None = None, data: Data = None) -> None:
    """Reads a table of orders (CSV) in; nobody is written to about them. What could not be read is printed."""
    from prilavok.supply import read_in

    bad = _once(data, lambda house: read_in(house, file, shop))
    for line in bad:
        print(line)


@app.command
def understand(kind: str, *, file: Path | None = None) -> None:
    """Reads JSON lines and writes what was understood of each, one line for one. KIND: email, order-comment."""
    match kind:
        case "email":
            from prilavok.channels.email.command import understand_lines
        case "order-comment":
            from prilavok.language.comment.command import understand_lines
        case _:
            raise BadInput(f"“{kind}” is not understood yet. There is: email, order-comment.")
    with file.open("rb") if file is not None else sys.stdin.buffer as lines:
        for line in understand_lines(lines):
            sys.stdout.buffer.write(line.rstrip(b"\n") + b"\n")
            sys.stdout.buffer.flush()


@app.command
def simulate(
    *,
    policy: tuple[Path, ...] = (),
    since: str = "",
    orders: int = 2000,
    population: int = 1,
    shop: str | None = None,
    json: bool = False,
    data: Data = None,
) -> None:
    """What if: the built-in policy beside your own (--policy FILE, as the API shows it), calls to everybody, and mail
    only. Lives through the orders recorded --since 30d or a day; else --orders of a seeded --population. Writes to
    nobody. Ctrl+C stops it and shows the figures so far.
    """
    from prilavok import trial

    compared = trial.deciders(policy)
    if since:
        stories = _once(data, lambda house: trial.stories_of(house, shop, since, orders))
        trial.run(lambda: stories, len(stories), compared, as_json=json)
    else:
        trial.run(trial.people(population, orders), orders, compared, as_json=json)


@app.command
def load(
    *scenarios: str,
    url: str = "",
    token: str = "",
    database_url: str = "",
    seconds: float = 10.0,
    hooks: float = 300.0,
    rate: float = 100.0,
    agents: int = 20,
    visitors: int = 1000,
    pages: float = 100.0,
    channel: str = "api",
) -> None:
    """Presses on a server of this machine (its own, or the one at --url) and prints how it took it.

    SCENARIOS: hooks, hook-agent, visitor-agent, reply-visitor, pages, idle; all of them when none is named. --hooks,
    --rate and --pages are a second. --channel: whose deliveries the hooks are, signed by its emulated vendor.
    """
    from prilavok.simulator.load import Plan, run

    plan = Plan(seconds=seconds, hooks=hooks, rate=rate, agents=agents, visitors=visitors, pages=pages, channel=channel)
    results = run(scenarios, plan, url=url, token=token, database_url=database_url)
    if any(result.lost for result in results):
        sys.exit("prilavok: something was lost")


def main() -> None:
    """Runs a command; what its user can mend is said in one sentence instead of a traceback."""
    gc.set_threshold(GARBAGE, 20, 50)
    os.umask(0o077)  # a data folder made by somebody else (adduser does) may be open to all; what lies in it is not
    try:
        app()
    except (BadInput, NeedsOwner, TryLater, Undeliverable) as error:
        sys.exit(f"prilavok: {error.reason}")
    except NotFound as error:
        sys.exit(f"prilavok: {str(error) or 'there is no such thing'}")
    except BadSetting as error:
        sys.exit(f"prilavok: {error}")
    except BrokenPipeError:  # whoever read what we print has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        sys.exit(f"prilavok: {error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(130)


def _settings(data: Path | None, **overrides: Any) -> Settings:
    """First of all that a command does: the log is to be set up before anything else looks for it."""
    from prilavok.logs import set_up

    settings = Settings.from_environment(os.environ, data=data, **overrides)
    set_up(settings)
    return settings


def _once(data: Path | None, do: "Callable[[House], Any]") -> Any:
    """For commands that do one thing while, perhaps, a server runs beside them."""
    settings = _settings(data, log_level=os.environ.get("PRILAVOK_LOG_LEVEL", "warning"))
    from prilavok.app import build

    house = build(settings)
    house.bus.start()
    try:
        return do(house)
    finally:
        house.bus.stop()
        house.engine.dispose()


def _serve(server: Any) -> None:
    """Until it is stopped. An exit code of its own says that it could not even begin: the port is taken."""
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(3)


def _until_stopped(forever: Callable[[], Any]) -> None:
    import asyncio
    import signal

    async def both() -> None:
        task = asyncio.ensure_future(forever())
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, task.cancel)
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(both())


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
