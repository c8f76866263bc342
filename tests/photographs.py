"""The smallest thing that is a JPEG all through: two scans, a stuffed byte, a restart, no pixel that matters."""


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def jpeg(*beside: bytes) -> bytes:
    """`beside`: what stands between its head and the picture."""
    head = b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    frame = segment(0xC2, b"\x08\x00\x10\x00\x10\x01\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    table = segment(0xC4, b"\x00" + bytes(16))
    pixels = b"\x12\xff\x00\x34\xff\xd0\x56" + table + scan + b"\x78"
    return head + b"".join(beside) + frame + scan + pixels + b"\xff\xd9"
