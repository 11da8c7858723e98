"""A post that is in no list is held by nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, for_people, unknown
from engine.model.diagram import Diagram
from engine.model.feel_texts import holder_parts


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Posts written as codes are in posts.csv."""
    for task in for_people(diagram):
        for post, _ in holder_parts(task):
            if not post.is_feel and post.text not in folder.known.posts:
                yield unknown(task, post.text, folder.known.posts, "岗位", "post")
