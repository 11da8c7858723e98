"""trust: incidents, messages with keys, the chained journal, imported calendars"""

import sqlalchemy as sa
from alembic import op

import engine.store.rows
from engine.store.chain import BEGINNING

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('archive',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('archived_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['county', 'case_id'], ['case.county', 'case.id'], name=op.f('fk_archive_case')),
    sa.PrimaryKeyConstraint('county', 'case_id', name=op.f('pk_archive'))
    )
    op.create_table('block',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('made_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('until', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('cases', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('county', 'no', name=op.f('pk_block'))
    )
    op.create_table('calendar_notice',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('days', sa.Text(), nullable=False),
    sa.Column('imported_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('county', 'year', name=op.f('pk_calendar_notice'))
    )
    op.create_table('head',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('link', sa.LargeBinary(), nullable=False),
    sa.Column('block', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('county', 'case_id', name=op.f('pk_head'))
    )
    with op.batch_alter_table('head', schema=None) as batch_op:
        batch_op.create_index('ix_head_loose', ['county'], unique=False, sqlite_where=sa.text('block IS NULL'), postgresql_where=sa.text('block IS NULL'))

    op.create_table('incident',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=True),
    sa.Column('job_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('opened_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('closed_at', engine.store.rows.Instant(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=32), nullable=True),
    sa.Column('how', sa.String(length=12), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('county', 'id', name=op.f('pk_incident'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index('ix_incident_case', ['county', 'case_id'], unique=False)
        batch_op.create_index('ix_incident_job', ['county', 'job_id'], unique=False)
        batch_op.create_index('ix_incident_open', ['county', 'opened_at'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.create_table('message',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('id', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('payload', engine.store.rows.PlainValues(), nullable=False),
    sa.Column('received_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('keep_until', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=True),
    sa.Column('settled_at', engine.store.rows.Instant(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('county', 'id', name=op.f('pk_message'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_kept', ['county', 'name', 'key'], unique=False, sqlite_where=sa.text("state = 'kept'"), postgresql_where=sa.text("state = 'kept'"))
        batch_op.create_index('ix_message_until', ['county', 'keep_until'], unique=False)

    op.create_table('migration',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('began_at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('ended_at', engine.store.rows.Instant(timezone=True), nullable=True),
    sa.Column('moved', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('county', 'id', name=op.f('pk_migration'))
    )
    op.create_table('quarantine',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', 'digest', name=op.f('pk_quarantine'))
    )
    op.create_table('rehearsal',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.Column('ahead', sa.Double(), nullable=False),
    sa.Column('held_until', engine.store.rows.Instant(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rehearsal'))
    )
    op.create_table('refusal',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('at', engine.store.rows.Instant(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=True),
    sa.Column('task_id', sa.String(length=32), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('sentence', sa.String(length=500), nullable=False),
    sa.Column('block', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('county', 'id', name=op.f('pk_refusal'))
    )
    with op.batch_alter_table('refusal', schema=None) as batch_op:
        batch_op.create_index('ix_refusal_at', ['county', 'at'], unique=False)
        batch_op.create_index('ix_refusal_by', ['county', 'by', 'at'], unique=False)
        batch_op.create_index('ix_refusal_loose', ['county', 'at'], unique=False, sqlite_where=sa.text('block IS NULL'), postgresql_where=sa.text('block IS NULL'))

    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.add_column(sa.Column('changed_at', engine.store.rows.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('head', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('units', sa.JSON(), nullable=True))

    with op.batch_alter_table('county', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notices', sa.Integer(), nullable=True))
    op.execute('UPDATE county SET notices = 0')
    with op.batch_alter_table('county', schema=None) as batch_op:
        batch_op.alter_column('notices', existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.add_column(sa.Column('key', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('payload', engine.store.rows.PlainValues(), nullable=True))
        batch_op.alter_column('case_id',
               existing_type=sa.VARCHAR(length=32),
               nullable=True)
        batch_op.create_index('uq_job_key', ['county', 'key'], unique=True)

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_constraint('fk_answer_task', type_='foreignkey')
        batch_op.create_foreign_key(batch_op.f('fk_answer_case'), 'case', ['county', 'case_id'], ['county', 'id'])

    with op.batch_alter_table('matter', schema=None) as batch_op:
        batch_op.alter_column('started_by', existing_type=sa.String(length=32), nullable=True)

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('clock', sa.JSON(), nullable=True))

    _note_cases()
    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.alter_column('changed_at', existing_type=engine.store.rows.Instant(timezone=True), nullable=False)
        batch_op.alter_column('head', existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column('units', existing_type=sa.JSON(), nullable=False)
        batch_op.create_index('ix_case_changed', ['county', 'changed_at'], unique=False)

    op.drop_table('wait')  # until now nothing could be delivered; a case that takes a step says again what it awaits
    op.create_table('wait',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('task_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('element', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['county', 'case_id'], ['case.county', 'case.id'], name=op.f('fk_wait_case')),
    sa.PrimaryKeyConstraint('county', 'case_id', 'task_id', 'kind', 'name', name=op.f('pk_wait'))
    )
    with op.batch_alter_table('wait', schema=None) as batch_op:
        batch_op.create_index('ix_wait_for', ['county', 'name', 'key'], unique=False)


def _note_cases() -> None:
    """Note when each case last moved and the units it concerns; its journal is chained in the next step."""
    case = sa.table('case', *map(sa.column, ('county', 'id', 'head')), sa.column('started_at', engine.store.rows.Instant()),
                    sa.column('changed_at', engine.store.rows.Instant()), sa.column('units', sa.JSON()))
    concern = sa.table('concern', *map(sa.column, ('county', 'case_id', 'unit')))
    journal = sa.table('journal', *map(sa.column, ('county', 'case_id')), sa.column('at', engine.store.rows.Instant()))
    connection = op.get_bind()
    for county, case_id, started_at in connection.execute(sa.select(case.c.county, case.c.id, case.c.started_at)).all():
        this = sa.and_(case.c.county == county, case.c.id == case_id)
        units = sorted(connection.scalars(sa.select(concern.c.unit).where(concern.c.county == county, concern.c.case_id == case_id)))
        last = connection.scalar(sa.select(sa.func.max(journal.c.at)).where(journal.c.county == county, journal.c.case_id == case_id))
        values = {'head': BEGINNING, 'changed_at': last or started_at, 'units': units}
        connection.execute(sa.update(case).where(this).values(values))


def downgrade() -> None:
    """Undo this step."""
    op.drop_table('wait')
    op.create_table('wait',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('message', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('county', 'case_id', 'message', name=op.f('pk_wait'))
    )
    with op.batch_alter_table('wait', schema=None) as batch_op:
        batch_op.create_index('ix_wait_message', ['county', 'message'], unique=False)

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_column('clock')

    op.execute("UPDATE matter SET started_by = '' WHERE started_by IS NULL")
    with op.batch_alter_table('matter', schema=None) as batch_op:
        batch_op.alter_column('started_by', existing_type=sa.String(length=32), nullable=False)

    with op.batch_alter_table('county', schema=None) as batch_op:
        batch_op.drop_column('notices')

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_constraint('fk_answer_case', type_='foreignkey')
        batch_op.create_foreign_key('fk_answer_task', 'task', ['county', 'task_id'], ['county', 'id'])

    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('uq_job_key')
        batch_op.alter_column('case_id',
               existing_type=sa.VARCHAR(length=32),
               nullable=False)
        batch_op.drop_column('payload')
        batch_op.drop_column('key')

    with op.batch_alter_table('case', schema=None) as batch_op:
        batch_op.drop_index('ix_case_changed')
        batch_op.drop_column('head')
        batch_op.drop_column('units')
        batch_op.drop_column('changed_at')

    with op.batch_alter_table('refusal', schema=None) as batch_op:
        batch_op.drop_index('ix_refusal_loose', sqlite_where=sa.text('block IS NULL'), postgresql_where=sa.text('block IS NULL'))
        batch_op.drop_index('ix_refusal_by')
        batch_op.drop_index('ix_refusal_at')

    op.drop_table('refusal')
    op.drop_table('rehearsal')
    op.drop_table('quarantine')
    op.drop_table('migration')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_until')
        batch_op.drop_index('ix_message_kept', sqlite_where=sa.text("state = 'kept'"), postgresql_where=sa.text("state = 'kept'"))

    op.drop_table('message')
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index('ix_incident_open', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.drop_index('ix_incident_job')
        batch_op.drop_index('ix_incident_case')

    op.drop_table('incident')
    with op.batch_alter_table('head', schema=None) as batch_op:
        batch_op.drop_index('ix_head_loose', sqlite_where=sa.text('block IS NULL'), postgresql_where=sa.text('block IS NULL'))

    op.drop_table('head')
    op.drop_table('calendar_notice')
    op.drop_table('block')
    op.drop_table('archive')
