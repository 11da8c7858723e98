"""The schema's history, run by Alembic; `processes.schema.upgrade` is its door."""
