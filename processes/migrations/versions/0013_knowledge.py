"""typical_case, commended: typical cases that were published, units and persons that were commended"""

import sqlalchemy as sa
from alembic import op

import engine.store.rows

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('typical_case',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('former_id', engine.store.rows.Uuid(), nullable=True),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('item', sa.String(length=60), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('lead', sa.String(length=60), nullable=False),
    sa.Column('parts', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('published_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('published_by', sa.String(length=32), nullable=False),
    sa.Column('withdrawn_at', engine.store.rows.Instant(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=32), nullable=True),
    sa.Column('why_withdrawn', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', name=op.f('pk_typical_case'))
    )
    with op.batch_alter_table('typical_case', schema=None) as batch_op:
        batch_op.create_index('ix_typical_case_published', ['county', 'published_at'], unique=False)
    op.create_table('commended',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('person', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('score', sa.String(length=100), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=False),
    sa.Column('at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', 'kind', 'position', name=op.f('pk_commended'))
    )
    with op.batch_alter_table('commended', schema=None) as batch_op:
        batch_op.create_index('ix_commended_unit', ['county', 'unit'], unique=False)


def downgrade() -> None:
    """Undo this step."""
    op.drop_table('commended')
    op.drop_table('typical_case')
