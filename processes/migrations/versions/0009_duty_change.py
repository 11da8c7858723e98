"""duty_change: accepted changes make new versions of the duty list; notice.kind: a longer key of words.toml"""

import sqlalchemy as sa
from alembic import op

import engine.store.rows

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.alter_column('kind', type_=sa.String(length=60), existing_type=sa.String(length=20), nullable=False)
    op.create_table('duty_change',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('item', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.String(length=60), nullable=False),
    sa.Column('is_townships_own', sa.Boolean(), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('keywords', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('case_id', engine.store.rows.Uuid(), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=False),
    sa.Column('at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'key', name=op.f('pk_duty_change'))
    )
    with op.batch_alter_table('duty_change', schema=None) as batch_op:
        batch_op.create_index('uq_duty_change_version', ['county', 'version'], unique=True)


def downgrade() -> None:
    """Undo this step."""
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.alter_column('kind', type_=sa.String(length=20), existing_type=sa.String(length=60), nullable=False)
    op.drop_table('duty_change')
