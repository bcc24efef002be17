"""The command line: arguments in, the four packages called in order, plain sentences out."""

import ast
import gc
import importlib
import pkgutil
import re
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from readiness import commands
from readiness.plain_terminal import show_controls

FOR_PEOPLE = (("inputs", "InputError"), ("rules", "PackError"))
"""The errors whose message is for people. They are looked up where they are needed: importing them here would
load polars before `readiness --help` could say a word."""


class Problem(click.ClickException):
    """The input has problems that stop the work: a sentence on stderr, exit code 1."""

    exit_code = 1

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Print the sentence."""
        click.echo(click.style("Stopped: ", fg="red", bold=True) + self.message, err=True)


class LazyGroup(click.Group):
    """A group whose commands are the modules of a package, each imported when it is asked for.

    A module ends in `_` where its command is named like a module of the standard library. In a module, the
    function `command` holds the help.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the modules."""
        return sorted(self._modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The object named `command` of the module; a library that cannot be loaded becomes a sentence."""
        module_name = self._modules().get(cmd_name)
        if module_name is None:
            return None
        try:
            module = importlib.import_module(f"{commands.__name__}.{module_name}")
        except ImportError as error:
            raise Problem(str(error)) from error
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; a name that is not known is told with those that it is like."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self._modules(), ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List every command with the first sentence of its help, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, _in_short(module)) for name, module in sorted(self._modules().items())]
            )

    @staticmethod
    def _modules() -> dict[str, str]:
        """Command to module."""
        names = (module.name for module in pkgutil.iter_modules(commands.__path__))
        return {name.rstrip("_"): name for name in names}

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a problem of the input, the pack or the disk becomes a sentence."""
        try:
            return super().invoke(ctx)
        except _for_people() as error:
            raise Problem(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise Problem(f"{error.filename}: {error.strerror}") from error


def _in_short(module: str) -> str:
    """The first sentence of a command's help, from its source."""
    source = (Path(commands.__path__[0]) / f"{module}.py").read_text(encoding="utf-8")
    (text,) = (
        ast.get_docstring(node) or ""
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "command"
    )
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]


def _for_people() -> tuple[type[Exception], ...]:
    """The error classes of the packages that are imported; no other package can have raised one."""
    return tuple(
        getattr(sys.modules[package], name) for package, name in FOR_PEOPLE if package in sys.modules
    )


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example:  readiness assess ratings.xlsx --out results",
)
@click.version_option(package_name="promotion-readiness", prog_name="readiness")
def main() -> None:
    """Explained promotion recommendations from self and manager ratings.

    A recommendation is the opinion of rules that people wrote about ratings that people gave.
    A human decides.
    """
    # A command makes many values that live until it ends and next to no cycles: looking for those again and
    # again takes up to a fifth of its time.
    if gc.isenabled():
        gc.disable()
        click.get_current_context().call_on_close(gc.enable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A console's own code page may lack letters; half a letter, as in a damaged name, is spelled out.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
            show_controls(stream)
