"""verdict: what was decided when a unit refused a matter is remembered, to be found as a precedent"""

import sqlalchemy as sa
from alembic import op

import engine.store.rows

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('verdict',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('task_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('item', sa.String(length=60), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('given_to', sa.String(length=60), nullable=True),
    sa.Column('verdict', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('by', sa.String(length=32), nullable=False),
    sa.Column('at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'key', name=op.f('pk_verdict'))
    )
    with op.batch_alter_table('verdict', schema=None) as batch_op:
        batch_op.create_index('ix_verdict_item', ['county', 'item', 'at'], unique=False)
        batch_op.create_index('ix_verdict_unit', ['county', 'unit', 'at'], unique=False)
        batch_op.create_index('ix_verdict_case', ['county', 'case_id'], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_table('verdict')
