"""When nobody holds the post and nobody stands in for it, the task waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.checking import Folder, Remark, for_people, warning
from engine.model.diagram import Diagram
from engine.model.feel_texts import holder_parts


def check(diagram: Diagram, folder: Folder) -> Iterator[Remark]:
    """Warns of a task whose every post is the only one that could do it (posts.csv, `fallback`)."""
    for task in for_people(diagram):
        posts = [post for post, _ in holder_parts(task)]
        if posts and all(not post.is_feel and post.text in folder.known.alone for post in posts):
            named = "、".join(dict.fromkeys(post.text for post in posts))
            yield warning(
                task,
                f"只有岗位“{named}”能办，没有人任职时无人替补。请在 posts.csv 的 fallback 一栏写上替补岗位。",
                f"can only be done by the post “{named}”, which has no fallback; name one in posts.csv.",
            )
