"""former: cases that were begun about ended ones"""

import sqlalchemy as sa
from alembic import op

import engine.store.rows

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('former',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('former_id', engine.store.rows.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', name=op.f('pk_former'))
    )
    with op.batch_alter_table('former', schema=None) as batch_op:
        batch_op.create_index('ix_former_case', ['county', 'former_id'], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_table('former')
