"""similar: a matter keeps the gist it is found by, where its county asks for that"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

_HAS_GIST = sa.text('gist IS NOT NULL')


def upgrade() -> None:
    """Apply this step."""
    op.add_column('matter', sa.Column('gist', sa.LargeBinary(), nullable=True))
    op.create_index('ix_matter_gist', 'matter', ['county', 'started_at'], unique=False, sqlite_where=_HAS_GIST, postgresql_where=_HAS_GIST)
    op.create_index('ix_matter_gist_unit', 'matter', ['county', 'unit', 'started_at'], unique=False, sqlite_where=_HAS_GIST, postgresql_where=_HAS_GIST)


def downgrade() -> None:
    """Undo this step."""
    op.drop_index('ix_matter_gist_unit', 'matter')
    op.drop_index('ix_matter_gist', 'matter')
    op.drop_column('matter', 'gist')
