"""Pictures for looking at carry no place, stand upright and stay small; the original stays as it came."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from processes.papers.errors import PictureTooManyPixels, PictureUnreadable

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[MAKE] = "HUAWEI SECRETPHONE"
    data.get_ifd(GPS).update({1: "N", 2: (29.0, 16.0, 24.0), 3: "E", 4: (116.0, 12.0, 0.0)})
    return data


def opened(store, digest: str) -> Image.Image:
    return Image.open(BytesIO(store.path(digest).read_bytes()))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_view_knows_no_place_and_no_device_while_the_original_does(store, put, picture, form):
    original = picture(form, exif=exif())
    paper = put(original, f"现场.{'jpg' if form == 'JPEG' else form.lower()}")
    assert opened(store, paper.sha256).getexif().get_ifd(GPS)[1] == "N"
    assert store.path(paper.sha256).read_bytes() == original
    for digest in (paper.view_sha256, paper.thumb_sha256):
        assert not opened(store, digest).getexif()
        content = store.path(digest).read_bytes()
        assert b"SECRETPHONE" not in content
        assert b"Exif" not in content


def test_comments_and_profiles_are_left_out_of_the_view_too(store, put, picture):
    paper = put(picture("JPEG", comment=b"home of Wang", icc_profile=b"profile of Wang" * 20), "a.jpg")
    assert b"Wang" not in store.path(paper.view_sha256).read_bytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_view_stands_upright(store, put, orientation):
    upright = Image.new("RGB", (80, 40), "white")
    upright.paste("red", (0, 0, 20, 20))  # a red upper left corner, whichever way the camera was held
    turned = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    held = upright
    for turn in turned.get(orientation, []):
        held = held.transpose(turn)
    written = BytesIO()
    held.save(written, "JPEG", quality=95, exif=exif(orientation))

    paper = put(written.getvalue(), "a.jpg")
    view = opened(store, paper.view_sha256)
    assert (paper.width, paper.height) == view.size == (80, 40)
    red, green, _ = view.getpixel((8, 8))
    assert red > 200 > 100 > green
    assert min(view.getpixel((70, 30))) > 200


def test_large_pictures_are_made_small_and_small_ones_stay(store, put, picture):
    large = put(picture("JPEG", (5000, 2500)), "大.jpg")
    assert (large.width, large.height) == (5000, 2500)
    assert opened(store, large.view_sha256).size == (2000, 1000)
    assert opened(store, large.thumb_sha256).size == (320, 160)
    small = put(picture("PNG", (100, 50)), "小.png")
    assert opened(store, small.view_sha256).size == opened(store, small.thumb_sha256).size == (100, 50)


def test_a_thin_strip_survives_shrinking(store, put, picture):
    assert opened(store, put(picture("PNG", (6000, 1)), "线.png").thumb_sha256).size == (320, 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_looked_at(store, put, mode):
    written = BytesIO()
    Image.new(mode, (30, 20)).save(written, "PNG")
    view = opened(store, put(written.getvalue(), "a.png").view_sha256)
    assert (view.format, view.mode, view.size) == ("JPEG", "RGB", (30, 20))


def test_a_camera_jpeg_in_print_colours_can_be_looked_at(store, put, picture):
    assert opened(store, put(picture("JPEG", mode="CMYK"), "a.jpg").view_sha256).mode == "RGB"


def test_what_is_transparent_lies_on_white(store, put, picture):
    paper = put(picture("PNG", mode="RGBA"), "a.png")
    assert min(opened(store, paper.view_sha256).getpixel((5, 5))) > 250


def test_sixteen_bits_of_grey_keep_their_grey(store, put):
    written = BytesIO()
    Image.new("I;16", (30, 20), 0x8000).save(written, "PNG")
    grey = opened(store, put(written.getvalue(), "a.png").view_sha256).getpixel((5, 5))
    assert all(120 < part < 136 for part in grey)


def test_a_moving_picture_shows_its_first_frame(store, put):
    written = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    red, _, blue = opened(store, put(written.getvalue(), "a.gif").view_sha256).getpixel((5, 5))
    assert red > 200 > 60 > blue


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8001, 9500, 30_000, 2_000_000])
def test_a_picture_bomb_is_refused_before_it_goes_off(put, side):
    with pytest.raises(PictureTooManyPixels, match="万像素"):
        put(bomb(side, side), "炸弹.png")


def test_the_rules_bound_the_pixels(put, picture):
    assert put(picture("PNG", (100, 100)), "a.png", max_pixels=10_000).width == 100
    with pytest.raises(PictureTooManyPixels):
        put(picture("PNG", (101, 100)), "a.png", max_pixels=10_000)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_cut_off_picture_is_refused_and_leaves_nothing(store, put, picture, form, share):
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    written = BytesIO()
    noise.save(written, form)
    content = written.getvalue()[: int(len(written.getvalue()) * share)]
    with pytest.raises(PictureUnreadable, match="已损坏"):
        put(content, f"坏.{'jpg' if form == 'JPEG' else form.lower()}")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []
