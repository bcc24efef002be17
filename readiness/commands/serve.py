"""`readiness serve`: the upload page, in a browser on this machine."""

from datetime import datetime
from pathlib import Path

import click

from readiness import console
from readiness.web.serving import LOOPBACK, Place, serve

SHORTEST_PASSWORD = 12


@click.command(epilog="Example:  readiness serve")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; a free one unless given.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open nothing.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for uploads and runs; a private one among your own data unless given.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to serve. Anything but this machine itself needs --password-file.",
)
@click.option(
    "--password-file",
    type=console.FILE,
    help=f"A file whose first line is the password to get in with, {SHORTEST_PASSWORD} characters or more.",
)
@click.option(
    "--today",
    type=console.DAY,
    help="The day that the page takes for today; the real one unless given.",
)
def command(
    port: int,
    data: Path | None,
    host: str,
    password_file: Path | None,
    today: datetime | None,
    *,
    no_browser: bool,
) -> None:
    """Open a page in the browser: drop a spreadsheet, answer what is asked, and get reports and a workbook.

    Everything stays on this machine. The address contains a secret, and nobody gets in without it. Uploads
    and runs are kept in a folder of your own until you delete them on the page. Press Ctrl-C to stop.
    """
    password = _password(password_file) if password_file else None
    if host not in LOOPBACK and password is None:
        raise click.UsageError(
            f"--host {host} lets other machines in the network reach the page, with everybody's ratings, and "
            "what they send can be read on the way. If that is what you want, give --password-file with the "
            "password that everybody has to type; otherwise leave --host out"
        )
    if host in ("0.0.0.0", "::", ""):
        raise click.UsageError("--host needs the one address that others type, such as 192.168.1.20")
    place = Place(host, port, data, password, not no_browser, today.date() if today else None)
    serve(place, _say)
    click.echo("Stopped. All decisions have been saved.", err=True)


def _password(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or len(lines[0].strip()) < SHORTEST_PASSWORD:
        raise click.UsageError(
            f"The first line of {path} is the password; it needs {SHORTEST_PASSWORD} characters or more"
        )
    return lines[0].strip()


def _say(address: str) -> None:
    click.echo(f"The page is at {address}", err=True)
    click.echo("The address contains a secret: give it to nobody. Press Ctrl-C to stop.", err=True)
