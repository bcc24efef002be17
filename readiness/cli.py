"""The command line: arguments in, the four packages called in order, plain sentences out."""

import gc
import importlib
import pkgutil
import sys
from importlib.metadata import version
from io import TextIOWrapper

import click

from inputs import InputError
from readiness import commands
from rules.pack import PackError


class Problem(click.ClickException):
    """The input has problems that stop the work: a sentence on stderr, exit code 1."""

    exit_code = 1

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Print the sentence."""
        click.echo(click.style("Stopped: ", fg="red", bold=True) + self.message, err=True)


class LazyGroup(click.Group):
    """A group whose commands are the modules of a package, each imported when it is asked for.

    A module ends in `_` where its command is named like a module of the standard library.
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

    @staticmethod
    def _modules() -> dict[str, str]:
        """Command to module."""
        names = (module.name for module in pkgutil.iter_modules(commands.__path__))
        return {name.rstrip("_"): name for name in names}

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a problem of the input, the pack or the disk becomes a sentence."""
        try:
            return super().invoke(ctx)
        except (InputError, PackError) as error:
            raise Problem(str(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise Problem(f"{error.filename}: {error.strerror}") from error


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example:  readiness assess ratings.xlsx --out results",
)
@click.version_option(version("promotion-readiness"), prog_name="readiness")
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
            stream.reconfigure(encoding="utf-8")
