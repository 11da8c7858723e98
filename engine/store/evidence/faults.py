"""What the check of a journal can find, said in two languages, with the place where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SENTENCES: Mapping[str, tuple[str, str]] = {
    "link_differs": (
        "第 {revision} 次记录与链值不符：它的内容、时间或人员被改动，或它与第 {before} 次记录之间有记录被增删。",
        "Revision {revision} does not fit its link: it was edited, or something between it and revision {before} was.",
    ),
    "tail_missing": (
        "日志到第 {revision} 次记录为止，而{witness}记有第 {expected} 次：后面的记录被删去，或整件被换成了旧的。",
        "The journal ends at revision {revision}; {witness_en} knows revision {expected}: "
        "its tail was removed, or an old copy of the case was put back.",
    ),
    "tail_added": (
        "日志有第 {revision} 次记录，而这件事只到第 {expected} 次：记录是后添的，或这件事被换成了旧的。",
        "The journal has revision {revision}, its case stands at {expected}: "
        "lines were added, or an old copy of the case was put back.",
    ),
    "head_differs": (
        "这件事记下的链头与日志末尾（第 {revision} 次记录）不符。",
        "The head noted with the case is not the end of its journal (revision {revision}).",
    ),
    "rewritten": (
        "第 {before} 次记录之后、到第 {revision} 次为止的记录被整体改写：第 {block} 块所记的链值不是这样。",
        "The journal was rewritten after revision {before}, up to {revision}: block {block} holds another link.",
    ),
    "case_missing": (
        "整件事连同日志都不见了：第 {block} 块记有它的第 {revision} 次记录，也没有按期限销毁的记录。",
        "The whole case is gone: block {block} holds its revision {revision}, and no removal is on record.",
    ),
    "journal_missing": (
        "这件事还在，它的日志一行也没有了。",
        "The case is there, but not a line of its journal.",
    ),
    "journal_alone": (
        "有日志而没有这件事，也没有按期限销毁的记录。",
        "There is a journal without its case, and no removal is on record.",
    ),
    "removed_early": (
        "销毁记录说按“{rule}”销毁，但期限当时未满，或与第 {block} 块所记的时间对不上。",
        "Its removal names the rule {rule}, but its time was not over, or does not fit what block {block} saw.",
    ),
    "unreadable": (
        "这件事的日志或归档读不出来：被改动或损坏。",
        "The journal or the archive of this case cannot be read: it was altered or is damaged.",
    ),
    "block_missing": (
        "第 {block} 块不见了：{witness}表明它曾经存在。",
        "Block {block} is missing; {witness_en} shows that there was one.",
    ),
    "block_differs": (
        "第 {block} 块与它的摘要不符：这一块被改动，或它前面的块被换过。",
        "Block {block} does not fit its digest: it was edited, or the block before it was replaced.",
    ),
    "refusal_missing": (
        "第 {block} 块记有的一次被拒绝的操作不见了（编号 {refusal}）。",
        "A refused act that block {block} holds is gone (id {refusal}).",
    ),
    "refusal_differs": (
        "一次被拒绝的操作（编号 {refusal}）与第 {block} 块所记不符：内容被改动，或是后添的。",
        "A refused act (id {refusal}) is not what block {block} holds: it was edited, or added later.",
    ),
    "anchor_differs": (
        "锚文件第 {anchor} 行与第 {block} 块不符：其中之一被改动。",
        "Line {anchor} of the anchor file does not fit block {block}: one of them was altered.",
    ),
    "anchor_unreadable": (
        "锚文件第 {anchor} 行不是锚：被改动或损坏。",
        "Line {anchor} of the anchor file is no anchor: it was altered or is damaged.",
    ),
    "anchors_missing": (
        "锚文件不见了，而区块链已跨过一天。",
        "The anchor file is missing, although the chain is older than a day.",
    ),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where: `kind` is a key of SENTENCES, `facts` fill its sentence.

    `at` and `fact` (the first line's) are what the revision at fault says of itself, as far as it can be told;
    `reference` is what people call the case, if the caller knows.
    """

    kind: str
    county: str
    case_id: str | None = None
    revision: int | None = None
    fact: str | None = None
    at: datetime | None = None
    block: int | None = None
    reference: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, in Chinese."""
        return self._said(0)

    @property
    def english(self) -> str:
        """What is wrong, in English."""
        return self._said(1)

    def _said(self, language: int) -> str:
        place = {"revision": self.revision, "block": self.block}
        return SENTENCES[self.kind][language].format(**place, **self.facts)
