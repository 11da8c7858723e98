"""lean: groups and answers stand in the task's row, offers hold what is open, a revision is one row of the journal"""

from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

import engine.store.rows
from engine.store.chain import BEGINNING, link
from engine.store.tables import FOREVER

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_INSTANT = engine.store.rows.Instant(timezone=True)
_MANY = 500


def _table(name: str, *columns: sa.ColumnClause[object] | str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) if isinstance(column, str) else column for column in columns))


_TASK = _table('task', 'county', 'id', 'case_id', 'state', sa.column('groups', sa.JSON()), sa.column('other_than', sa.JSON()),
               sa.column('answers', sa.JSON(none_as_null=True)), sa.column('opened_at', _INSTANT),
               sa.column('due_at', _INSTANT), 'claimed_by')
_GROUP = _table('task_group', 'county', 'task_id', 'post', 'unit')
_ANSWER = _table('answer', 'county', 'task_id', sa.column('answers', sa.JSON()))
_OFFER = _table('offer', 'county', 'task_id', 'post', 'unit', 'case_id', sa.column('until', _INSTANT),
                sa.column('opened_at', _INSTANT), sa.column('other_than', sa.JSON()), 'claimed_by')


def upgrade() -> None:
    """Apply this step."""
    op.create_table('offer',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('task_id', sa.String(length=32), nullable=False),
    sa.Column('post', sa.String(length=60), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('until', _INSTANT, nullable=False),
    sa.Column('opened_at', _INSTANT, nullable=False),
    sa.Column('other_than', sa.JSON(), nullable=False),
    sa.Column('claimed_by', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('county', 'task_id', 'post', 'unit', name=op.f('pk_offer'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index('ix_offer_inbox', ['county', 'unit', 'post', 'until', 'opened_at', 'task_id'], unique=False)
        batch_op.create_index('ix_offer_claim', ['county', 'claimed_by'], unique=False, sqlite_where=sa.text('claimed_by IS NOT NULL'), postgresql_where=sa.text('claimed_by IS NOT NULL'))

    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index('ix_task_due')
        batch_op.drop_index('ix_task_closed_by')
        batch_op.create_index('ix_task_closed_by', ['county', 'closed_by', 'closed_at'], unique=False, sqlite_where=sa.text('closed_by IS NOT NULL'), postgresql_where=sa.text('closed_by IS NOT NULL'))
        batch_op.add_column(sa.Column('groups', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('answers', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('warned_at', _INSTANT, nullable=True))
    _fill_tasks()
    _gather_jobs()
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.alter_column('groups', existing_type=sa.JSON(), nullable=False)
    op.drop_table('task_group')
    op.drop_table('answer')
    _make_concern('unit', 'case_id')
    _chain_journal()
    op.add_column('county', sa.Column('staff', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('county', schema=None) as batch_op:
        batch_op.alter_column('staff', existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    """Undo this step."""
    with op.batch_alter_table('county', schema=None) as batch_op:
        batch_op.drop_column('staff')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.add_column(sa.Column('task_id', sa.String(length=32), nullable=True))
    _unchain_journal()
    _make_concern('case_id', 'unit')
    op.create_index('ix_concern_unit', 'concern', ['county', 'unit'], unique=False)
    op.create_table('answer',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('task_id', sa.String(length=32), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=200), nullable=False),
    sa.Column('form', sa.String(length=200), nullable=False),
    sa.Column('outcome', sa.String(length=200), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('at', _INSTANT, nullable=False),
    sa.Column('by', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county', 'case_id'], ['case.county', 'case.id'], name=op.f('fk_answer_case')),
    sa.PrimaryKeyConstraint('county', 'task_id', name=op.f('pk_answer'))
    )
    op.create_index('ix_answer_case', 'answer', ['county', 'case_id'], unique=False)
    op.create_table('task_group',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('task_id', sa.String(length=32), nullable=False),
    sa.Column('post', sa.String(length=60), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['county', 'task_id'], ['task.county', 'task.id'], name=op.f('fk_task_group_task')),
    sa.PrimaryKeyConstraint('county', 'task_id', 'post', 'unit', name=op.f('pk_task_group'))
    )
    op.create_index('ix_task_group_unit', 'task_group', ['county', 'unit', 'post'], unique=False)
    op.execute("INSERT INTO answer (county, task_id, case_id, step, form, outcome, answers, at, by) SELECT county, id, case_id, step, form, COALESCE(outcome, ''), answers, closed_at, closed_by FROM task WHERE answers IS NOT NULL")
    connection = op.get_bind()
    for county, task_id, groups in connection.execute(sa.select(_TASK.c.county, _TASK.c.id, _TASK.c.groups)).all():
        rows = [{'county': county, 'task_id': task_id, 'post': post, 'unit': unit} for post, unit in groups]
        if rows:
            connection.execute(sa.insert(_GROUP), rows)
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_column('groups')
        batch_op.drop_column('answers')
        batch_op.drop_column('warned_at')
        batch_op.create_index('ix_task_due', ['county', 'state', 'due_at'], unique=False)
        batch_op.drop_index('ix_task_closed_by')
        batch_op.create_index('ix_task_closed_by', ['county', 'closed_by', 'closed_at'], unique=False)
    op.drop_table('offer')


def _fill_tasks() -> None:
    """Groups and answers into the tasks' rows, and an offer for each group of an open task."""
    connection = op.get_bind()
    tasks = connection.execute(sa.select(*(_TASK.c[name] for name in ('county', 'id', 'case_id', 'state', 'other_than', 'opened_at', 'due_at', 'claimed_by')))).all()
    for first in range(0, len(tasks), _MANY):
        some = tasks[first:first + _MANY]
        ids = [task.id for task in some]
        groups: dict[tuple[str, str], list[list[str]]] = {}
        for county, task_id, post, unit in connection.execute(sa.select(_GROUP).where(_GROUP.c.task_id.in_(ids)).order_by(_GROUP.c.post, _GROUP.c.unit)):
            groups.setdefault((county, task_id), []).append([post, unit])
        answers = {(row.county, row.task_id): row.answers for row in connection.execute(sa.select(_ANSWER).where(_ANSWER.c.task_id.in_(ids)))}
        for task in some:
            key = (task.county, task.id)
            values = {'groups': groups.get(key, []), 'answers': answers.get(key)}
            connection.execute(sa.update(_TASK).where(_TASK.c.county == task.county, _TASK.c.id == task.id).values(values))
        offers = [_offer(task, post, unit) for task in some if task.state == 'open' for post, unit in groups.get((task.county, task.id), [])]
        if offers:
            connection.execute(sa.insert(_OFFER), offers)


def _gather_jobs() -> None:
    """One job `light` and one job `tick` for each case, in place of a `warn` and a `late` for each task."""
    connection = op.get_bind()
    job = _table('job', 'county', 'id', 'case_id', 'task_id', 'kind', 'key', sa.column('due_at', _INSTANT), 'attempts', 'max_attempts', 'state')
    task = _table('task', 'county', 'id', 'state', sa.column('warn_at', _INSTANT), sa.column('warned_at', _INSTANT))
    old = connection.execute(sa.select(job).where(job.c.kind.in_(('warn', 'late', 'tick'))).order_by(job.c.due_at)).all()
    to_warn = {(row.county, row.task_id) for row in old if row.kind == 'warn'}
    for county, task_id, warn_at in connection.execute(sa.select(task.c.county, task.c.id, task.c.warn_at).where(task.c.state == 'open', task.c.warn_at.is_not(None))).all():
        if (county, task_id) not in to_warn:
            connection.execute(sa.update(task).where(task.c.county == county, task.c.id == task_id).values(warned_at=warn_at))
    connection.execute(sa.delete(job).where(job.c.kind.in_(('warn', 'late', 'tick'))))
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for row in old:
        kind = 'tick' if row.kind == 'tick' else 'light'
        key = f'{kind}:{row.case_id}'
        rows.setdefault((row.county, key), {'county': row.county, 'id': row.id, 'case_id': row.case_id, 'kind': kind, 'key': key,
                                            'due_at': row.due_at, 'attempts': 0, 'max_attempts': row.max_attempts, 'state': 'ready'})
    if rows:
        connection.execute(sa.insert(job), [*rows.values()])
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_column('task_id')


def _offer(task: sa.Row[tuple[object, ...]], post: str, unit: str) -> dict[str, object]:
    return {'county': task.county, 'task_id': task.id, 'post': post, 'unit': unit, 'case_id': task.case_id, 'until': task.due_at or FOREVER,
            'opened_at': task.opened_at, 'other_than': task.other_than, 'claimed_by': task.claimed_by}


def _make_concern(*key: str) -> None:
    """The units concerned again, under a key that serves lists and checks alike."""
    connection = op.get_bind()
    concern = _table('concern', 'county', 'case_id', 'unit')
    rows = [dict(row) for row in connection.execute(sa.select(concern)).mappings()]
    op.drop_table('concern')
    op.create_table('concern',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county', 'case_id'], ['case.county', 'case.id'], name=op.f('fk_concern_case')),
    sa.PrimaryKeyConstraint('county', *key, name=op.f('pk_concern'))
    )
    if rows:
        connection.execute(sa.insert(concern), rows)


_LINE = _table('journal', 'county', 'case_id', 'revision', 'line', sa.column('at', _INSTANT), 'by', 'fact', sa.column('facts', sa.JSON()), 'digest')
_REVISION = _table('journal', 'county', 'case_id', 'revision', sa.column('at', _INSTANT), 'by', sa.column('told', sa.JSON()), sa.column('link', sa.LargeBinary()))


def _chain_journal() -> None:
    """One row for each revision, linked to the one before; the head of the chain into the case's row."""
    connection = op.get_bind()
    case = _table('case', 'county', 'id', sa.column('head', sa.LargeBinary()))
    lines = [dict(row) for row in connection.execute(sa.select(_LINE).order_by(_LINE.c.county, _LINE.c.case_id, _LINE.c.revision, _LINE.c.line)).mappings()]
    op.drop_table('journal')
    _make_journal(sa.Column('told', sa.JSON(), nullable=False), sa.Column('link', sa.LargeBinary(), nullable=False))
    for (county, case_id), of_case in groupby(lines, key=itemgetter('county', 'case_id')):
        head, rows = BEGINNING, []
        for _, of_revision in groupby(of_case, key=itemgetter('revision')):
            told = [*of_revision]
            row = {name: told[0][name] for name in ('county', 'case_id', 'revision', 'at', 'by')} | {'told': [_told(line) for line in told]}
            head = link(head, row)
            rows.append(row | {'link': head})
        connection.execute(sa.insert(_REVISION), rows)
        connection.execute(sa.update(case).where(case.c.county == county, case.c.id == case_id).values(head=head))


def _told(line: dict[str, Any]) -> list[object]:
    """A line of the journal; the first of a case says on which folder it began, and the others need not."""
    facts = line['facts']
    return [line['fact'], {**facts, 'digest': line['digest']} if line['fact'] == 'CaseStarted' else facts]


def _unchain_journal() -> None:
    connection = op.get_bind()
    rows = [dict(row) for row in connection.execute(sa.select(_REVISION).order_by(_REVISION.c.county, _REVISION.c.case_id, _REVISION.c.revision)).mappings()]
    op.drop_table('journal')
    _make_journal(sa.Column('digest', sa.String(length=64), nullable=False), sa.Column('line', sa.Integer(), nullable=False), sa.Column('fact', sa.String(length=40), nullable=False), sa.Column('facts', sa.JSON(), nullable=False), line='line')
    digests: dict[tuple[str, str], str] = {}
    for row in rows:
        told, _ = row.pop('told'), row.pop('link')
        key = (row['county'], row['case_id'])
        for number, (fact, facts) in enumerate(told):
            if fact == 'CaseStarted':
                digests[key] = facts.pop('digest')
            if fact == 'CaseMigrated':
                digests[key] = facts['to']
            connection.execute(sa.insert(_LINE), [row | {'digest': digests.get(key, ''), 'line': number, 'fact': fact, 'facts': facts}])


def _make_journal(*more: sa.Column[object], line: str = '') -> None:
    op.create_table('journal',
    sa.Column('county', sa.String(length=12), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('at', _INSTANT, nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    *more,
    sa.PrimaryKeyConstraint('county', 'case_id', 'revision', *filter(None, [line]), name=op.f('pk_journal'))
    )
    if line:
        op.create_index('ix_journal_at', 'journal', ['county', 'at'], unique=False)
