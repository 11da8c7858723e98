"""assessment: sheets of figures as they were drawn, the cases excluded from them, and who signed for publication"""

import sqlalchemy as sa
from alembic import op

import engine.store.rows

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('assessed',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('score', sa.String(length=40), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', 'version', 'part', 'unit', name=op.f('pk_assessed'))
    )
    op.create_table('assessment',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('period', sa.String(length=30), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('appeals_until', sa.Date(), nullable=False),
    sa.Column('published_at', engine.store.rows.Instant(timezone=True), nullable=True),
    sa.Column('signed', sa.JSON(none_as_null=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', name=op.f('pk_assessment'))
    )
    op.create_table('assessment_sheet',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('drawn_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', 'version', name=op.f('pk_assessment_sheet'))
    )
    op.create_table('exclusion',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('excluded', engine.store.rows.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=False),
    sa.Column('at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', 'excluded', name=op.f('pk_exclusion'))
    )


def downgrade() -> None:
    """Undo this step."""
    op.drop_table('exclusion')
    op.drop_table('assessment_sheet')
    op.drop_table('assessment')
    op.drop_table('assessed')
