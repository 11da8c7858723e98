"""supervision: letters that were written, and orders chained to the matters they are about"""

import sqlalchemy as sa
from alembic import op

from engine.store.rows import UUID, Instant

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        'letter',
        sa.Column('county', sa.String(length=12), nullable=False),
        sa.Column('key', sa.String(length=200), nullable=False),
        sa.Column('case_id', UUID, nullable=False),
        sa.Column('number', sa.String(length=40), nullable=False),
        sa.Column('template', sa.String(length=60), nullable=False),
        sa.Column('docx', sa.String(length=32), nullable=False),
        sa.Column('pdf', sa.String(length=32), nullable=False),
        sa.Column('at', Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('county', 'key', name='pk_letter'),
    )
    op.create_index('uq_letter_number', 'letter', ['county', 'number'], unique=True)
    op.create_index('ix_letter_case', 'letter', ['county', 'case_id'], unique=False)
    op.create_table(
        'chained',
        sa.Column('county', sa.String(length=12), nullable=False),
        sa.Column('order_id', UUID, nullable=False),
        sa.Column('matter_id', UUID, nullable=False),
        sa.Column('ground', sa.String(length=60), nullable=False),
        sa.Column('unit', sa.String(length=60), nullable=False),
        sa.Column('rung', sa.String(length=60), nullable=False),
        sa.Column('at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('county', 'order_id', 'matter_id', name='pk_chained'),
    )
    op.create_index('ix_chained_matter', 'chained', ['county', 'matter_id'], unique=False)
    op.create_index('ix_chained_at', 'chained', ['county', 'at'], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_table('chained')
    op.drop_table('letter')
