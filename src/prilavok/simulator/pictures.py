"""Small photographs that nobody took: drawn with ellipses, written as PNG with nothing but zlib."""

import struct
import zlib
from collections.abc import Callable
from functools import cache

Colour = tuple[int, int, int]
WIDTH, HEIGHT = 480, 360
CREAM: Colour = (239, 230, 214)
SHADE: Colour = (208, 194, 172)
CLAY: Colour = (176, 96, 66)
GLAZE: Colour = (74, 124, 116)
DARK: Colour = (52, 60, 60)
PAPER: Colour = (252, 251, 248)
RED: Colour = (190, 58, 48)


class Canvas:
    """Rows of RGB bytes; every shape is filled in horizontal runs."""

    def __init__(self, colour: Colour) -> None:
        self.rows = [bytearray(bytes(colour) * WIDTH) for _ in range(HEIGHT)]

    def run(self, y: int, left: float, right: float, colour: Colour) -> None:
        start, end = max(0, round(left)), min(WIDTH, round(right))
        if 0 <= y < HEIGHT and start < end:
            self.rows[y][start * 3 : end * 3] = bytes(colour) * (end - start)

    def box(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        for row in range(y, y + height):
            self.run(row, x, x + width, colour)

    def ellipse(self, x: int, y: int, across: int, down: int, colour: Colour) -> None:
        for dy in range(-down, down + 1):
            half = across * (1 - (dy / down) ** 2) ** 0.5
            self.run(y + dy, x - half, x + half, colour)

    def triangle(self, top: tuple[int, int], left: tuple[int, int], right: tuple[int, int], colour: Colour) -> None:
        """`left` and `right` lie at one height below `top`."""
        depth = max(1, left[1] - top[1])
        for step in range(depth):
            part = step / depth
            self.run(top[1] + step, top[0] + (left[0] - top[0]) * part, top[0] + (right[0] - top[0]) * part, colour)

    def png(self) -> bytes:
        raw = b"".join(b"\0" + bytes(row) for row in self.rows)
        header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            _chunk(kind, body) for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
        )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@cache
def picture(what: str) -> bytes:
    """PNG bytes of `cup` (broken), `teapot`, `payment` (a screenshot), `parcel`. KeyError for anything else."""
    return PAINTERS[what]()


def _broken_cup() -> bytes:
    canvas = Canvas(CREAM)
    canvas.box(0, 250, WIDTH, 110, SHADE)
    canvas.ellipse(200, 290, 120, 22, (186, 170, 146))
    canvas.ellipse(295, 205, 46, 46, CLAY)
    canvas.ellipse(295, 205, 27, 27, CREAM)
    for y in range(140, 290):
        half = 92 - max(0, y - 230) ** 2 / 70
        canvas.run(y, 190 - half, 190 + half, CLAY)
    canvas.ellipse(190, 140, 92, 20, (214, 134, 98))
    canvas.ellipse(190, 142, 78, 14, (120, 62, 42))
    for x, depth, width in ((150, 70, 26), (182, 46, 20), (212, 92, 30)):  # what broke out of the rim
        canvas.triangle((x, 118 + depth), (x - width, 119), (x + width, 119), CREAM)
        for y in range(112, 112 + depth + 8):
            part = 1 - (y - 112) / (depth + 8)
            canvas.run(y, x - width * part, x + width * part, CREAM)
    for x, y, size in ((330, 300, 34), (390, 320, 22), (95, 325, 26), (285, 335, 15)):
        canvas.triangle((x, y - size), (x - size, y), (x + size // 2, y), CLAY)
        canvas.run(y, x - size, x + size // 2, (120, 62, 42))
    return canvas.png()


def _teapot() -> bytes:
    canvas = Canvas((226, 232, 226))
    canvas.box(0, 262, WIDTH, 98, (188, 160, 122))
    canvas.ellipse(240, 296, 150, 20, (158, 130, 96))
    canvas.ellipse(345, 205, 52, 56, GLAZE)
    canvas.ellipse(345, 205, 34, 38, (226, 232, 226))
    for step in range(90):
        canvas.run(150 + step, 105 + step * 0.45, 135 + step * 0.5, GLAZE)
    canvas.ellipse(240, 215, 112, 84, GLAZE)
    canvas.ellipse(205, 185, 40, 28, (104, 156, 146))
    canvas.ellipse(240, 138, 56, 14, (58, 100, 94))
    canvas.ellipse(240, 120, 13, 11, (58, 100, 94))
    return canvas.png()


def _payment() -> bytes:
    canvas = Canvas((228, 232, 238))
    canvas.box(110, 20, 260, 340, PAPER)
    canvas.box(110, 20, 260, 44, DARK)
    canvas.box(128, 38, 90, 8, PAPER)
    for row, colour in enumerate((RED, DARK, RED, DARK)):
        top = 92 + row * 62
        canvas.ellipse(146, top + 14, 15, 15, SHADE)
        canvas.box(172, top + 4, 100, 8, (120, 128, 130))
        canvas.box(172, top + 20, 64, 6, (190, 194, 196))
        canvas.box(304, top + 8, 48, 10, colour)
        canvas.box(128, top + 46, 224, 1, (224, 226, 228))
    return canvas.png()


def _parcel() -> bytes:
    canvas = Canvas((214, 220, 224))
    canvas.box(0, 280, WIDTH, 80, (170, 174, 178))
    canvas.box(110, 110, 260, 180, (190, 146, 98))
    canvas.box(110, 110, 260, 34, (206, 164, 116))
    canvas.box(226, 110, 28, 180, (224, 204, 164))
    canvas.box(270, 176, 80, 60, PAPER)
    for line in range(4):
        canvas.box(280, 186 + line * 11, 60 - line * 9, 4, DARK)
    return canvas.png()


PAINTERS: dict[str, Callable[[], bytes]] = {
    "cup": _broken_cup,
    "teapot": _teapot,
    "payment": _payment,
    "parcel": _parcel,
}
