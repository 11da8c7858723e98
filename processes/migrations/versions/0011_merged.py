"""merged: matters that go on within another"""

import sqlalchemy as sa
from alembic import op

import engine.store.rows

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('merged',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('into_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', name=op.f('pk_merged'))
    )
    with op.batch_alter_table('merged', schema=None) as batch_op:
        batch_op.create_index('ix_merged_into', ['county', 'into_id'], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_table('merged')
