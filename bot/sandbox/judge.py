"""How the sandbox judges a picture: by how much of it is magenta, so that anybody can paint what is to be refused.

A photograph has next to nothing of it. The colour outlives being made smaller and compressed. Runs in a worker process.
"""

from PIL import Image

MAGENTA = (255, 0, 255)
SIDE_PX = 64
MOST_GREEN, LEAST_RED_AND_BLUE = 90, 165
"""What counts as magenta, of 255."""


def magenta(path: str) -> float | None:
    """The share of the picture that is magenta, from 0 to 1, to the hundredth; None when it cannot be opened."""
    try:
        with Image.open(path) as image:
            small = image.convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    pixels = small.tobytes()
    marked = sum(
        green <= MOST_GREEN and min(red, blue) >= LEAST_RED_AND_BLUE
        for red, green, blue in zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)
    )
    return round(marked / SIDE_PX**2, 2)
