"""What names a case or a task is of one type in every table: PostgreSQL compares no others."""

from __future__ import annotations

from engine.store.rows import Uuid
from processes.schema import METADATA

NAMING = ("case_id", "task_id", "order_id", "matter_id", "former_id")


def test_whatever_names_a_case_or_a_task_is_a_uuid() -> None:
    names = [(table.name, column.name) for table in METADATA.tables.values() for column in table.c]
    others = (("case", "id"), ("task", "id"), ("exclusion", "excluded"), ("merged", "into_id"))
    meant = {each for each in names if each[1] in NAMING or each in others}
    uuids = {each for each in names if isinstance(METADATA.tables[each[0]].c[each[1]].type, Uuid)}
    assert len(meant) > 20 and uuids == meant
