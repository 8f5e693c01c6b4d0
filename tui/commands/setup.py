"""The options that every command takes: the database, the agent, the present time, signs."""

import gc
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from models.errors import DeskError
from models.values.clock import Clock, utc_now
from models.values.text import display_text
from tui.commands import output
from tui.commands.waits import told_of_waits
from tui.terminal.environment import draws_no_signs

if TYPE_CHECKING:
    from models.database import Database
    from models.desk import Desk
    from models.live.settings import PlatformSettings
    from models.providers.provider import Provider
    from models.reading.reader import Reader
    from tui.config import Config

_LONGEST_NAME = 200
_NO_USER = "agent"
"""Signs for a user of the system whose name is none."""
_NO = ("0", "no", "false", "off")
AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Any])


@dataclass(slots=True)
class Setup:
    """The global options, given before or after the command.

    The environment fills the gaps, then the agent's own settings.
    """

    database: str | None = None
    agent: str | None = None
    now: datetime | None = None
    read_only: bool = False
    ascii: bool = False
    line_by_line: bool | None = None
    page_lines: int | None = None
    """How many lines are said at once, line by line; None for the height of the terminal."""
    _config: "Config | None" = None

    @property
    def config(self) -> "Config":
        """The agent's own settings.

        Raises:
            DeskError: If the file cannot be used.
        """
        if self._config is None:
            from tui.config import load

            self._config = load()
        return self._config

    @property
    def target(self) -> str | None:
        """The database's path or address; None means the agent's own file.

        Raises:
            BadAddress: If it is neither.
            DeskError: If the settings file cannot be used.
        """
        from models.store.location import checked

        told = self.database or os.environ.get("SENDDESK_DATABASE", "").strip()
        told = told or self.config.database
        return checked(told) if told else None

    @property
    def name(self) -> str:
        """The agent's name: the option, else the environment, the settings file or the system's user."""
        told = self.agent or os.environ.get("SENDDESK_AGENT", "").strip()
        return (told or self.config.agent.strip() or _user())[:_LONGEST_NAME]

    @property
    def zone(self) -> tzinfo:
        """The agent's time zone: that of the settings file, else the system's.

        Raises:
            DeskError: If the settings file cannot be used.
        """
        from models.values.zones import system_zone, zone_named

        named = self.config.timezone
        return zone_named(named) if named else system_zone()

    @property
    def is_line_by_line(self) -> bool:
        """Whether the agent wants the desk line by line: by the option, the environment or the settings.

        Raises:
            DeskError: If the settings file cannot be used.
        """
        if self.line_by_line is not None:
            return self.line_by_line
        told = os.environ.get("SENDDESK_PLAIN", "").strip().lower()
        return told not in _NO if told else self.config.plain

    @property
    def plain(self) -> bool:
        """Whether only ASCII signs are printed, because someone says so or because of stdout."""
        return self.plain_on(sys.stdout)

    def plain_on(self, stream: TextIO) -> bool:
        """Whether only ASCII signs are drawn on *stream*."""
        return self.ascii or self.config.ascii or draws_no_signs(stream)

    @property
    def clock(self) -> Clock:
        """The clock; a fixed one if `--now` or SENDDESK_NOW says so."""
        fixed = self.now
        if fixed is None and (text := os.environ.get("SENDDESK_NOW", "").strip()):
            fixed = moment(text)
        return utc_now if fixed is None else lambda: fixed

    def settings_of(self, provider: "Provider") -> "PlatformSettings":
        """Return how a platform is reached; nothing of it is looked up yet.

        Raises:
            DeskError: If the settings file cannot be used.
        """
        from tui.config import platform_settings

        return platform_settings(provider)

    @contextmanager
    def open_database(
        self, *, create: bool = False, read_only: bool = False
    ) -> "Iterator[Database]":
        """Open the database and close it at the end.

        Args:
            create: Whether a file that is not there is made. It is removed at the end if nothing was
                stored in it.
            read_only: Whether nothing may be written, whatever the options say.
        """
        from models.reading.reader import Reader

        with self._opened(create=create, read_only=read_only) as database:
            self._say_what_is_left_out(Reader(database, self.name, self.clock, self.zone))
            yield database

    @contextmanager
    def _opened(self, *, create: bool = False, read_only: bool = False) -> "Iterator[Database]":
        from models.database import make_missing_file, open_database, remove_unused_file

        read_only = read_only or self.read_only
        is_new = False
        if create:
            self.refuse_missing_folder()
            is_new = not read_only and make_missing_file(self.target)
        try:
            with closing(
                open_database(self.target, create=create, read_only=read_only, agent=self.name)
            ) as database:
                collect_garbage()
                with told_of_waits(database):
                    yield database
        finally:
            if is_new:
                remove_unused_file(self.target)

    @staticmethod
    def _say_what_is_left_out(reader: "Reader") -> None:
        """Name the rows that cannot be read, so that nobody takes what is left for all there is."""
        # The command itself says why the database cannot be read.
        with suppress(DeskError):
            for sentence in reader.left_out():
                output.say(sentence)

    def missing_file(self) -> Path | None:
        """Return the path of the file that the agent has named as the database, if nothing is there."""
        from models.store.location import file_of, is_server

        target = self.target
        if target is None or is_server(target):
            return None
        path = file_of(target)
        try:
            return None if path.exists() else path
        except OSError:
            return None

    def refuse_missing_folder(self) -> None:
        """Refuse a path that is likely to be mistyped.

        Raises:
            DeskError: If neither the database nor its folder is there.
        """
        path = self.missing_file()
        if path is not None and not path.parent.exists():
            raise DeskError(
                f"There is no folder {path.parent}. To make it with an empty desk, run `senddesk db create`."
            )

    @contextmanager
    def open_desk(self, at: str | None = None) -> "Iterator[Desk]":
        """Open the desk of the agent and close it at the end.

        Args:
            at: A moment of the past, as agents write it; the desk is as it was then.
        """
        from models.desk import Desk

        with self._opened() as database:
            desk = Desk(database, self.name, self.clock, self.zone)
            self._say_what_is_left_out(desk)
            if at is None:
                yield desk
                return
            from tui.commands.past import looked_back

            with looked_back(desk, at) as past:
                yield past


def collect_garbage() -> None:
    """Have the cyclic collector run from now on; what was loaded without it is never searched."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def warn_of_clock(database: "Database", clock: Clock) -> None:
    """Say so if the clock is far from the newest entry, before something is written with it."""
    from models.history.clock_check import clock_warning

    if warning := clock_warning(database, database.clock() if clock is utc_now else clock()):
        output.say(warning)


def moment(text: str) -> datetime:
    """Read a time from the command line.

    Raises:
        click.BadParameter: If it is none.
    """
    from models.values.dates import parse_time

    try:
        found = parse_time(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None
    if found is None:
        raise click.BadParameter("a time is missing")
    return found


def path_of(name: str) -> Path:
    """Return the absolute path that an agent has named.

    Raises:
        DeskError: If it is not the name of a file.
    """
    try:
        if name.strip():
            return Path(name).expanduser().absolute()
    except RuntimeError:
        raise DeskError(f"“{display_text(name, 200)}” names the home of no user.") from None
    raise DeskError("The name of the file is empty.")


def _user() -> str:
    """Return the name of the system's user; another one where that is no name of an agent."""
    from models.rules.names import why_no_name

    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return _NO_USER
    # Services often run as the user nobody.
    return _NO_USER if why_no_name(user) else user


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    """Remember an option, unless it was not given here: the other place may have it."""
    if value is not None and option.name is not None:
        setattr(context.ensure_object(Setup), option.name, value)


def _moment(context: click.Context, option: click.Parameter, value: str | None) -> None:
    _keep(context, option, None if value is None else moment(value))


def _filled(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty")
    _keep(context, option, value)


_OPTIONS = (
    click.option("--database", metavar="URL|PATH", callback=_filled, expose_value=False,
                 help="The database: a file or postgresql://…  [SENDDESK_DATABASE]"),
    click.option("--agent", metavar="NAME", callback=_filled, expose_value=False,
                 help="Your name in the history.  [SENDDESK_AGENT; else the system's user]"),
    click.option("--read-only", flag_value=True, is_flag=True, default=None, callback=_keep,
                 expose_value=False, help="Write nothing."),
    click.option("--ascii", flag_value=True, is_flag=True, default=None, callback=_keep,
                 expose_value=False, help="Draw with ASCII signs only."),
    click.option("--now", metavar="TIME", hidden=True, callback=_moment, expose_value=False),
)  # fmt: skip


def global_options(function: AnyCommand) -> AnyCommand:
    """Let a command take the options that may stand before it as well."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_DESK_OPTIONS = (
    click.option("--plain/--no-plain", "line_by_line", default=None, callback=_keep, expose_value=False,
                 help="The desk line by line, for screen readers and plain terminals.  [SENDDESK_PLAIN]"),
    click.option("--page-lines", metavar="N", type=click.IntRange(5, 100_000), callback=_keep,
                 expose_value=False, help="Lines that --plain says at once; else the terminal's height."),
)  # fmt: skip


def desk_options(function: AnyCommand) -> AnyCommand:
    """Let a command that opens the desk take the options that say how."""
    for option in reversed(_DESK_OPTIONS):
        function = option(function)
    return function


at_option = click.option(
    "--at", metavar="TIME", help="As it was then: 2h, yesterday, “Tue 17:00”, 2026-01-31."
)


def setup_of() -> Setup:
    """Return the global options of the running command."""
    return click.get_current_context().ensure_object(Setup)
