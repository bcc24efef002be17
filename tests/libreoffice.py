"""LibreOffice, for tests that need a workbook opened and saved by another program than ours."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FORMATS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods"}


def saved_by_libreoffice(source: Path, folder: Path, kind: str = "xlsx") -> Path:
    """The workbook as LibreOffice saves it in `folder`, calculated anew where it holds no values.

    Skips the test where LibreOffice is not installed, and fails it where CI should have it.
    """
    if shutil.which("soffice") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice (soffice) is missing, and CI must test with it")
        pytest.skip("LibreOffice (soffice) is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", FORMATS[kind], "--outdir", folder, source],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / f"{source.stem}.{kind}"
