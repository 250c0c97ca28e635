"""What the camera of the rig sees: a card with a code, in shades of grey at 1920 x 1080.

scene.py FILE
"""

import io
import sys
from pathlib import Path

WIDTH, HEIGHT = 1920, 1080
# An invented person's card, as the newer ones are written.
CARD = (
    "001304000003||Lê Bé Na|10022004|Nữ|Phường Hoàn Kiếm, Thành phố Hà Nội|15082024"
    "||Lê Văn Cha|Phạm Thị Mẹ|"
)


def luma(text: str) -> bytes:
    """A grey wall, a white card a little askew, and on it the code."""
    import segno
    from PIL import Image

    drawn = io.BytesIO()
    segno.make(text, error="m", mode="byte").save(drawn, kind="png", scale=6, border=4)
    code = Image.open(drawn).convert("L")
    card = Image.new("L", (code.width + 240, code.height + 60), 245)
    card.paste(code, (30, 30))
    card = card.rotate(7, expand=True, fillcolor=96, resample=Image.Resampling.BICUBIC)
    wall = Image.new("L", (WIDTH, HEIGHT), 96)
    wall.paste(card, ((WIDTH - card.width) // 2, (HEIGHT - card.height) // 2))
    return wall.tobytes()


def main() -> None:
    Path(sys.argv[1]).write_bytes(luma(CARD))


if __name__ == "__main__":
    main()
