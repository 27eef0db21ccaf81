import type { RecordSetDocument, RecordSetEntry } from '../../document/record-set/record-set.ts';
import { shownName } from '../../expression/compiled.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import type { LegacyModule, LegacyServices } from '../../expression/legacy/services.ts';
import { type CompileContext, report } from '../compile-context.ts';

/** A record set, ready to be read. */
export interface CompiledRecordSet {
  readonly name: string;
  readonly document: RecordSetDocument;
  /**
   * The ids on the wire of the records that are there, each once. Included ones count; in a set that says of no record what
   * it is in for, all of them do. A plain number belongs to `module`, unless its record names another.
   */
  records(services: LegacyServices, module: string | undefined): Promise<readonly string[]>;
}

/** Warns of modules that are not there, and of a set that chooses nothing. */
export function compileRecordSet(context: CompileContext, document: RecordSetDocument): CompiledRecordSet {
  const { entries, file, nameAt } = document;
  const chosen = entries.some(({ action }) => action !== undefined)
    ? entries.filter(({ action }) => action === 'include')
    : entries;
  if (chosen.length === 0) {
    const hint = 'records to be taken say <action>include</action>';
    const message = 'the record set chooses no record';
    report(context, { code: 'RECORD_SET_EMPTY', message, hint, severity: 'warning', file, range: nameAt.range });
  }
  for (const { module } of entries) {
    if (module === undefined || context.modules.has(module.value)) continue;
    const message = `there is no module "${shownName(module.value)}": nothing is found in it`;
    report(context, { code: 'MODULE_UNKNOWN', message, severity: 'warning', file, range: module.range });
  }
  return {
    name: document.name,
    document,
    async records(services, module) {
      const found = await Promise.all(chosen.map((entry) => recordOf(entry, services, module)));
      return [...new Set(found.filter((id) => id !== undefined))];
    },
  };
}

async function recordOf(
  { id, module, value }: RecordSetEntry,
  services: LegacyServices,
  otherwise: string | undefined,
): Promise<string | undefined> {
  const known = services.records.module(module?.value ?? otherwise ?? '');
  if (id !== undefined) {
    const whole = /^\d+$/u.test(id) && known !== undefined ? `${known.prefix}x${id}` : id;
    return (await services.records.read(whole))?.id;
  }
  if (known === undefined || value === undefined) return undefined;
  const [found] = await services.records.find({ module: known.name, conditions: byNumber(known, value), limit: 1 });
  return found?.id;
}

/** By the field that numbers the module's records, `order_no`, or by the one that people know them by. */
function byNumber({ fields, title }: LegacyModule, value: string): LegacyCondition[] {
  const names = new Set([...[...fields.keys()].filter((name) => name.endsWith('_no')), title]);
  return [...names].map((fieldname) => ({
    fieldname,
    operation: 'is',
    value,
    valuetype: 'rawtext',
    joincondition: 'or',
    groupid: '0',
  }));
}
