"""Seals of tables: a file carries a hash of itself, which reveals any changed bit.

A table's seal stands in its own metadata, and is the hash of the file with zeros instead of the seal. No second file
is needed, which could be lost or outdated.
"""

import hashlib
import io
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

import polars as pl

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.saving.seal import SEAL  # the key, in a table's metadata as in a manifest

PREFIX = b"sha256:"
BLANK = PREFIX + b"0" * 64
SEAL_PATTERN = re.compile(re.escape(PREFIX) + rb"[0-9a-f]{64}")
MAGIC, TAIL = b"PAR1", 8  # how a Parquet file ends, and the bytes there that hold the length of its metadata
CHUNK_BYTES = 1 << 20  # hashed at a time


def sealed_table(frame: pl.DataFrame, **metadata: str) -> bytes:
    """Return a table as the bytes of a Parquet file, with its seal and other metadata."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={**metadata, SEAL: BLANK.decode()})
    hashed = _seal_of(buffer)
    stream = buffer.getbuffer()
    at = buffer.getvalue().rfind(BLANK)
    stream[at : at + len(BLANK)] = hashed
    return bytes(stream)


def seal_table(file: Path) -> None:
    """Write the seal into a table that was written with ``BLANK`` instead."""
    with file.open("rb+") as stream:
        hashed = _seal_of(stream)
        stream.seek(_find_seal(stream)[0])
        stream.write(hashed)
        stream.flush()
        os.fsync(stream.fileno())


def bytes_are_intact(data: bytes) -> bool:
    """Whether a table's bytes match its seal."""
    return _stream_is_intact(io.BytesIO(data))


def is_intact(file: Path) -> bool:
    """Whether a table's file matches its seal; a large file is read piece by piece."""
    with file.open("rb") as stream:
        return _stream_is_intact(stream)


def _stream_is_intact(stream: BinaryIO) -> bool:
    return _find_seal(stream)[1] == _seal_of(stream)


def _seal_of(stream: BinaryIO) -> bytes:
    """Hash a table as if its seal were blank; a table without a seal gets a hash that no seal equals."""
    at, written = _find_seal(stream)
    if not written:
        return PREFIX
    total, left = hashlib.sha256(), at
    stream.seek(0)
    while left and (piece := stream.read(min(left, CHUNK_BYTES))):
        total.update(piece)
        left -= len(piece)
    total.update(BLANK)
    stream.seek(at + len(BLANK))
    while piece := stream.read(CHUNK_BYTES):
        total.update(piece)
    return PREFIX + total.hexdigest().encode()


def _find_seal(stream: BinaryIO) -> tuple[int, bytes]:
    """Find the offset and the text of the seal in a table's metadata, at its end; (0, empty) if there is none."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - TAIL))
    tail = stream.read(TAIL)
    length = int.from_bytes(tail[: -len(MAGIC)], "little") + TAIL
    if not tail.endswith(MAGIC) or length > end:
        return 0, b""
    stream.seek(end - length)
    found = list(SEAL_PATTERN.finditer(stream.read(length)))
    return (end - length + found[-1].start(), found[-1][0]) if found else (0, b"")


def check_regular_file(file: Path) -> None:
    """Refuse a path that is no regular file: a folder, a pipe, a device.

    Raises
    ------
    BadInput
        If it is none, or if there is no file.
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
