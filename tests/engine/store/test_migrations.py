"""The database that migrations make is the one the tables describe."""

from engine.store.database import Database
from processes.schema import differences, upgrade


def test_migrations_make_what_the_tables_say(database_url: str) -> None:
    db = Database(database_url)
    assert differences(db) != []  # an empty database lacks every table
    upgrade(db)
    assert differences(db) == []
    upgrade(db)  # once more changes nothing
    assert differences(db) == []
    db.close()
