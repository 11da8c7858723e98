"""evaluation: ratings counted by the county's rule, and what the rated unit said to them"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step; what was rated so far was rated by people."""
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_rule', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('answer', sa.Text(), nullable=True))
        batch_op.create_index('ix_rating_case', ['county', 'case_id'], unique=False)
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.alter_column('by_rule', server_default=None, existing_type=sa.Boolean(), existing_nullable=False)


def downgrade() -> None:
    """Undo this step."""
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.drop_index('ix_rating_case')
        batch_op.drop_column('answer')
        batch_op.drop_column('by_rule')
