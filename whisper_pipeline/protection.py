"""Whether an audio file is encrypted (DRM), told from its headers.

Decoders do not ask: of encrypted sound they make noise, or an error about damage. Known are MP4
(ISO/IEC 14496-12 boxes) and WMA (ASF objects); of other containers nothing is said.
"""

import struct
from collections.abc import Mapping
from typing import BinaryIO
from uuid import UUID

ENCRYPTED_ENTRIES: Mapping[bytes, str] = {
    b"enca": "Common Encryption",
    b"drms": "FairPlay",
    b"aavd": "Audible",
}
"""Kinds of sample entries of sound. Source: ISO/IEC 23001-7 for the first, FFmpeg's isom.c."""

ASF_HEADER = UUID("75b22630-668e-11cf-a6d9-00aa0062ce6c").bytes_le
ASF_ENCRYPTIONS = tuple(
    UUID(each).bytes_le
    for each in ("2211b3fb-bd23-11d2-b4b7-00a0c955fc6e", "298ae614-2622-4c17-b935-dae07ee9289c")
)
"""Content encryption and its extended form. Source: Microsoft's ASF specification, 10.1."""

LONGEST_HEADER = 1 << 26
"""Bytes; of a longer one the rest is not looked into."""

LARGEST_BOX = 1 << 48
"""Bytes. A file that says more is damaged, and its end no place to look for."""

MOST_BOXES = 10_000
"""Before `moov`; a file with more is taken for one without."""


def protection_of(file: BinaryIO) -> str | None:
    """What encrypts the sound of a file, or None if nothing is known to. Reads its headers only."""
    start = file.read(24)
    if start[:16] == ASF_HEADER:
        header = file.read(min(int.from_bytes(start[16:], "little"), LONGEST_HEADER))
        return "Windows Media DRM" if any(each in header for each in ASF_ENCRYPTIONS) else None
    if start[4:8] != b"ftyp":
        return None
    movie = _movie_box(file)
    for table in movie.split(b"stsd")[1:]:
        # After a table's name: version and flags, count of entries, size and kind of the first.
        if table[12:16] in ENCRYPTED_ENTRIES:
            return ENCRYPTED_ENTRIES[table[12:16]]
    return None


def _movie_box(file: BinaryIO) -> bytes:
    """What the box `moov` holds, wherever it lies; nothing if there is none."""
    place = 0
    for _ in range(MOST_BOXES):
        file.seek(place)
        header = file.read(16)
        if len(header) < 8:
            break
        size, kind = struct.unpack(">I4s", header[:8])
        if size == 1 and len(header) == 16:
            size = struct.unpack(">Q", header[8:])[0]
        if kind == b"moov":
            file.seek(place + 8)
            return file.read(min(size, LONGEST_HEADER) if size else LONGEST_HEADER)
        if not 8 <= size <= LARGEST_BOX:
            break
        place += size
    return b""
