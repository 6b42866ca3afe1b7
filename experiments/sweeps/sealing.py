"""Seals of tables: a file says by a hash of itself that it is whole, so that a bit that was changed is seen.

A table's seal stands in its own metadata, and is the hash of the file with zeros in the seal's place: the file needs no
other one beside it that could be lost or be of another day.
"""

import hashlib
import io
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

import polars as pl

from watersellers.experiments.errors import BadInput
from watersellers.experiments.saving.seal import SEAL  # the key, in a table's metadata as in a manifest

MARK = b"sha256:"
BLANK = MARK + b"0" * 64
WRITTEN = re.compile(re.escape(MARK) + rb"[0-9a-f]{64}")
MAGIC, TAIL = b"PAR1", 8  # how a Parquet file ends, and the bytes there that say where its metadata begin
PIECE = 1 << 20  # bytes that are hashed at a time


def sealed_table(frame: pl.DataFrame, **metadata: str) -> bytes:
    """Write a table with its seal, and what else its metadata say."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={**metadata, SEAL: BLANK.decode()})
    hashed = _hashed(buffer)
    stream = buffer.getbuffer()
    at = buffer.getvalue().rfind(BLANK)
    stream[at : at + len(BLANK)] = hashed
    return bytes(stream)


def seal_table(file: Path) -> None:
    """Put the seal into a table that was written with ``BLANK`` in its place."""
    with file.open("rb+") as stream:
        hashed = _hashed(stream)
        stream.seek(_place(stream)[0])
        stream.write(hashed)
        stream.flush()
        os.fsync(stream.fileno())


def bytes_are_whole(data: bytes) -> bool:
    """Whether a table's bytes are those that its seal was made for."""
    return _whole(io.BytesIO(data))


def is_whole(file: Path) -> bool:
    """Whether a table is the one that its seal was made for; however large it is, little of it is in memory."""
    with file.open("rb") as stream:
        return _whole(stream)


def _whole(stream: BinaryIO) -> bool:
    return _place(stream)[1] == _hashed(stream)


def _hashed(stream: BinaryIO) -> bytes:
    """Hash a table as if its seal were blank; what has no seal gets a hash that no seal has."""
    at, written = _place(stream)
    if not written:
        return MARK
    total, left = hashlib.sha256(), at
    stream.seek(0)
    while left and (piece := stream.read(min(left, PIECE))):
        total.update(piece)
        left -= len(piece)
    total.update(BLANK)
    stream.seek(at + len(BLANK))
    while piece := stream.read(PIECE):
        total.update(piece)
    return MARK + total.hexdigest().encode()


def _place(stream: BinaryIO) -> tuple[int, bytes]:
    """Find where the seal stands in a table's metadata, at its end, and what it is; nothing where there is none."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - TAIL))
    tail = stream.read(TAIL)
    length = int.from_bytes(tail[: -len(MAGIC)], "little") + TAIL
    if not tail.endswith(MAGIC) or length > end:
        return 0, b""
    stream.seek(end - length)
    found = list(WRITTEN.finditer(stream.read(length)))
    return (end - length + found[-1].start(), found[-1][0]) if found else (0, b"")


def regular(file: Path) -> None:
    """Refuse what is no regular file: a folder, a pipe, a device.

    Raises
    ------
    BadInput
        If anything else stands there, or nothing.
    """
    try:
        mode = os.stat(file).st_mode
    except FileNotFoundError:
        raise BadInput(f"{file}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: can't be read: {getattr(error, 'strerror', None) or error}") from None
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
        found = kinds.get(stat.S_IFMT(mode), "a device")
        raise BadInput(f"{file}: found {found}, expected a regular file; move it away")
