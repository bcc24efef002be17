"""The command line, called as from a terminal."""

from click.testing import CliRunner, Result

from readiness.cli import main


def call(*arguments: object) -> Result:
    """What a command answers."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def succeeded(*arguments: object) -> Result:
    """The same of a command that must end well."""
    result = call(*arguments)
    assert result.exit_code == 0, f"{arguments}\n{result.output}\n{result.exception!r}"
    return result
