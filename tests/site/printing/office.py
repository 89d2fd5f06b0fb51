"""LibreOffice without a screen, in a profile of its own: converts files and calculates every formula anew."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>
"""


def convert(files: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """Convert the files to this kind (`pdf`, `xlsx`) in one run; the new files, in the same order."""
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is missing: `make test` installs libreoffice-writer-nogui and libreoffice-calc-nogui"
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    done = folder / "converted"
    command = [soffice, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", kind, "--outdir", str(done)]
    said = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=300, check=True)
    made = [done / f"{file.stem}.{kind}" for file in files]
    missing = [file.name for file in made if not file.exists()]
    assert not missing, f"not converted: {missing}\n{said.stdout}\n{said.stderr}"
    return made
