"""uuid: PostgreSQL keeps the ids of cases and tasks as the 16 bytes they are, not as 32 digits"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_IDS = {
    'case': ('id',), 'task': ('id', 'case_id'), 'offer': ('task_id', 'case_id'), 'journal': ('case_id',), 'archive': ('case_id',),
    'head': ('case_id',), 'job': ('case_id',), 'incident': ('case_id',), 'wait': ('case_id', 'task_id'), 'message': ('case_id',),
    'matter': ('case_id',), 'concern': ('case_id',), 'paper': ('case_id', 'task_id'), 'rating': ('task_id', 'case_id'),
    'notice': ('case_id',), 'refusal': ('case_id', 'task_id'), 'quarantine': ('case_id',),
}
_OF_CASE = ('task', 'archive', 'wait', 'matter', 'concern')


def upgrade() -> None:
    """Apply this step."""
    _change('{0}::uuid', sa.Uuid())


def downgrade() -> None:
    """Undo this step."""
    _change("replace({0}::text, '-', '')", sa.String(length=32))


def _change(read: str, into: Any) -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in _OF_CASE:
        op.drop_constraint(f'fk_{table}_case', table, type_='foreignkey')
    for table, columns in _IDS.items():
        for column in columns:
            op.alter_column(table, column, type_=into, postgresql_using=read.format(f'"{column}"'))
    for table in _OF_CASE:
        op.create_foreign_key(f'fk_{table}_case', table, 'case', ['county', 'case_id'], ['county', 'id'])
