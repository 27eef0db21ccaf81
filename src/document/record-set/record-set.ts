import type { Located } from '../../core/diagnostic.ts';
import type { DocumentHead } from '../common.ts';
import { readLegacyHead } from '../corebos/document-head.ts';
import { openLegacy } from '../corebos/legacy-element.ts';
import type { Place } from '../place.ts';
import { quoted } from '../../xml/problem.ts';

/** A list of records; coreBOS dialect. */
export interface RecordSetDocument extends DocumentHead {
  readonly kind: 'record-set';
  readonly entries: readonly RecordSetEntry[];
}

export type RecordSetAction = 'include' | 'exclude' | 'group';

/** One record, by its id or by the number that people know it by. */
export interface RecordSetEntry {
  /** Undefined: nothing is said, which in the original means `exclude`. */
  readonly action: RecordSetAction | undefined;
  /** `14x3`, or the number alone. */
  readonly id: string | undefined;
  readonly module: Located<string> | undefined;
  readonly value: string | undefined;
}

const MAP = { children: ['records'] } as const;
const RECORDS = { children: ['record'], many: ['record'] } as const;
const RECORD = { children: ['id', 'module', 'value', 'action'] } as const;
const ACTIONS: readonly RecordSetAction[] = ['include', 'exclude', 'group'];

/** A record set; undefined when it has no name. A record that cannot be told is left out (COREBOS_RECORD_UNNAMED). */
export function readRecordSet(place: Place): RecordSetDocument | undefined {
  const open = openLegacy(place, MAP);
  const head = readLegacyHead(place);
  const list = open.child('records');
  const entries = list === undefined ? [] : openLegacy(list, RECORDS).children.flatMap(readEntry);
  return head === undefined ? undefined : { kind: 'record-set', ...head, entries };
}

function readEntry(place: Place): RecordSetEntry[] {
  const open = openLegacy(place, RECORD);
  const id = open.filled('id')?.value;
  const module = open.filled('module');
  const value = open.filled('value')?.value;
  const action = readAction(place, open.filled('action'));
  if (id !== undefined || (module !== undefined && value !== undefined)) return [{ action, id, module, value }];
  const hint = 'give its <id>, or <module> and <value>';
  const range = place.element.nameRange;
  place.warningAt({ range }, 'COREBOS_RECORD_UNNAMED', 'nobody can tell which record this is; left out', hint);
  return [];
}

function readAction(place: Place, written: Located<string> | undefined): RecordSetAction | undefined {
  if (written === undefined) return undefined;
  const action = ACTIONS.find((one) => one === written.value.toLowerCase());
  if (action !== undefined) return action;
  const message = `${quoted(written.value)} is no action; taken as exclude`;
  place.warningAt(written, 'COREBOS_RECORD_ACTION', message, `one of ${ACTIONS.join(', ')}`);
  return 'exclude';
}
