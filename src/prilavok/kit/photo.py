"""Photographs without what the camera wrote beside them: where and when they were taken, by which telephone."""

ENTROPY = 0xDA  # start of scan: coded pictures follow, without a length
END = 0xD9
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
KEPT_APPS = {0xE0, 0xE2, 0xEE}  # JFIF, colour profile, Adobe's transform: the picture looks different without them
COMMENT = 0xFE


def bare_jpeg(data: bytes) -> bytes:
    """The same picture, of the same quality. ValueError when it is no whole JPEG."""
    if data[:3] != b"\xff\xd8\xff":
        raise ValueError("no JPEG")
    kept, place = bytearray(b"\xff\xd8"), 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise ValueError(f"no marker at {place}")
        marker = data[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        if marker == END:
            break
        if marker in WITHOUT_LENGTH:
            kept += data[place : place + 2]
            place += 2
            continue
        after = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if marker == ENTROPY:
            after = _end_of_scan(data, after)
        if after > len(data) or after < place + 4:
            raise ValueError("cut off")
        if not _told_by_the_camera(marker):
            kept += data[place:after]
        place = after
    if data[place : place + 2] != b"\xff\xd9":
        raise ValueError("without an end")
    return bytes(kept + b"\xff\xd9")


def _told_by_the_camera(marker: int) -> bool:
    return marker == COMMENT or (0xE0 <= marker <= 0xEF and marker not in KEPT_APPS)


def _end_of_scan(data: bytes, place: int) -> int:
    """Where the next marker is that is neither a stuffed byte nor a restart."""
    while (place := data.find(b"\xff", place)) >= 0 and place + 1 < len(data):
        if data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2
    raise ValueError("cut off")
