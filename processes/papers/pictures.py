"""Pictures for looking at: upright, bounded, without place, device or anything else a camera writes into them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from processes.papers.errors import HeicNotReadable, PictureTooManyPixels, PictureUnreadable
from processes.papers.rules import PICTURES, PaperRules

VIEW_MEDIA_TYPE = "image/jpeg"
LONGEST_VIEW = 2000
LONGEST_THUMBNAIL = 320
_SMOOTH = frozenset(["RGB", "RGBA", "L", "LA", "CMYK"])
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "heic": "HEIF"}


@dataclass(frozen=True)
class Views:
    """A picture's size in pixels when upright, and its JPEG copies: one to look at, one small."""

    width: int
    height: int
    view: bytes
    thumbnail: bytes


def is_picture(extension: str) -> bool:
    """Whether files of this extension are looked at as pictures."""
    return extension in PICTURES


def views_of(path: Path, name: str, extension: str, rules: PaperRules) -> Views:
    """The copies of a picture for looking at; of a moving one, the first frame.

    Raises HeicNotReadable, PictureTooManyPixels (before decoding, so a bomb does not go off) or PictureUnreadable.
    """
    if f".{extension}" not in Image.registered_extensions():
        raise HeicNotReadable(name=name)
    try:
        with Image.open(path, formats=[_FORMATS[extension]]) as picture:
            _refuse_bomb(picture, name, rules)
            return _views(picture)
    except PictureTooManyPixels:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        at_least = f"{(Image.MAX_IMAGE_PIXELS or 0) // 10_000} 以上的"
        raise PictureTooManyPixels(name=name, pixels=at_least, limit=rules.max_pixels // 10_000) from error
    except Exception as error:  # decoders answer hostile bytes with any error there is
        raise PictureUnreadable(name=name) from error


def _refuse_bomb(picture: Image.Image, name: str, rules: PaperRules) -> None:
    pixels = picture.width * picture.height
    if pixels > rules.max_pixels:
        raise PictureTooManyPixels(name=name, pixels=pixels // 10_000, limit=rules.max_pixels // 10_000)


def _views(picture: Image.Image) -> Views:
    width, height = picture.size
    if picture.getexif().get(0x0112, 1) >= 5:  # EXIF orientations 5 to 8 lie on their side
        width, height = height, width
    picture.draft("RGB", (LONGEST_VIEW, LONGEST_VIEW))
    if picture.mode in _SMOOTH:  # made small where it lies, before any copy, for memory's sake
        picture.thumbnail((LONGEST_VIEW, LONGEST_VIEW))
    view = _opaque(ImageOps.exif_transpose(picture))
    view.thumbnail((LONGEST_VIEW, LONGEST_VIEW))
    small = view.copy()
    small.thumbnail((LONGEST_THUMBNAIL, LONGEST_THUMBNAIL))
    return Views(width, height, _jpeg(view, 85), _jpeg(small, 80))


def _opaque(picture: Image.Image) -> Image.Image:
    """In RGB, what is transparent on white."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")  # 16 bits of grey to 8
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # a fresh picture has no metadata to carry over
    written = BytesIO()
    clean.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()
