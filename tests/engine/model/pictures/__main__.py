"""Draws the pictures of all lint pages anew and writes the pages: `python -m tests.engine.model.pictures`."""

from tests.engine.model.pictures.page import PICTURES, all_files


def main() -> None:
    """Every file as it should be, and no picture that nobody shows."""
    made = all_files()
    for old in set(PICTURES.glob("*.svg")) - made.keys():
        old.unlink()
    for file, text in made.items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
