import { recordNumber } from '../../core/record.ts';
import type { RecordId } from '../../core/record.ts';
import { type FileUseChange, fileUseChange } from '../file-use.ts';
import type { Session } from './database.ts';
import { noteFileUses } from './file-uses.ts';
import { TransactionCollision } from './postgres-failure.ts';
import type { RecordBatchParts } from './record-batch.ts';
import type { RecordChange, UnitChanges } from './record-changes.ts';
import { addHistory } from './record-history.ts';
import { addLinks, forgetLinks, removeLinks } from './record-links.ts';
import type { RecordTable, StoredRecord } from './record-table.ts';
import { together } from './together.ts';

interface TableChanges {
  readonly created: StoredRecord[];
  readonly changed: StoredRecord[];
  readonly deleted: number[];
}

/** Writes what units make of records that are locked: for each table one statement per kind of change. */
export async function writeChanges(
  session: Session,
  units: readonly UnitChanges[],
  { tables, numbers }: RecordBatchParts,
): Promise<void> {
  const byModule = new Map<string, TableChanges>();
  const deleted: RecordId[] = [];
  for (const [id, change] of units.flatMap(({ records }) => [...records])) {
    const own = byModule.get(change.module) ?? { created: [], changed: [], deleted: [] };
    byModule.set(change.module, own);
    add(own, change, recordNumber(id) ?? 0);
    if (change.after === undefined) deleted.push(id);
  }
  const created = [...byModule.values()].flatMap((changes) => changes.created.map(({ number }) => number));
  await together([
    ...[...byModule].map(([module, changes]) => writeTable(session, tables.forWriting(module), changes)),
    addHistory(
      session,
      units.flatMap(({ history }) => history),
    ),
    forgetLinks(session, deleted),
    removeLinks(session, units.flatMap(removedPairs)),
    addLinks(
      session,
      units.flatMap(({ added }) => added),
    ),
    created.length === 0 ? undefined : numbers.observe(session, Math.max(...created)),
    noteFileUses(
      session,
      units.flatMap((unit) => fileUses(unit, tables)),
    ),
  ]);
}

function fileUses({ records, history }: UnitChanges, tables: RecordBatchParts['tables']): readonly FileUseChange[] {
  return [...records].flatMap(([holder, { module, before, after }]) => {
    const at = history.find(({ id }) => id === holder)?.at ?? 0;
    const values = { before: before?.values, after: after?.values };
    return fileUseChange(tables.forWriting(module).module, { holder, ...values, at }) ?? [];
  });
}

function add(changes: TableChanges, { before, after }: RecordChange, number: number): void {
  if (after === undefined) {
    if (before !== undefined) changes.deleted.push(number);
  } else if (before === undefined) changes.created.push({ number, image: after });
  else changes.changed.push({ number, image: after });
}

async function writeTable(session: Session, table: RecordTable, changes: TableChanges): Promise<void> {
  const { created, changed, deleted } = changes;
  const [inserted] = await together([
    created.length === 0 ? 0 : table.insert(session, created),
    changed.length === 0 ? 0 : table.update(session, changed),
    deleted.length === 0 ? 0 : table.remove(session, deleted),
  ]);
  if (inserted === created.length) return;
  throw new TransactionCollision(new Error(`a record came meanwhile under the number of another in ${table.name}`));
}

function removedPairs({ removed }: UnitChanges): readonly { readonly source: RecordId; readonly target: RecordId }[] {
  return removed.map(({ source, target }) => ({ source: source.id, target: target.id }));
}
