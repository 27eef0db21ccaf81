import { fileIdIn } from '../core/file-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { RecordId, RecordValues } from '../core/record.ts';

/** What a write changes about which files a record holds. */
export interface FileUseChange {
  readonly holder: RecordId;
  readonly begun: readonly string[];
  readonly ended: readonly string[];
  readonly at: number;
}

const fileFields = new WeakMap<ModuleDefinition, readonly string[]>();

/** Undefined when the record goes on holding the files that it held. */
export function fileUseChange(
  module: ModuleDefinition,
  change: {
    readonly holder: RecordId;
    readonly before: RecordValues | undefined;
    readonly after: RecordValues | undefined;
    readonly at: number;
  },
): FileUseChange | undefined {
  const names = fileFieldsOf(module);
  if (names.length === 0) return undefined;
  const before = filesOf(names, change.before);
  const after = filesOf(names, change.after);
  const begun = [...after].filter((id) => !before.has(id));
  const ended = [...before].filter((id) => !after.has(id));
  if (begun.length === 0 && ended.length === 0) return undefined;
  return { holder: change.holder, begun, ended, at: change.at };
}

function fileFieldsOf(module: ModuleDefinition): readonly string[] {
  const known = fileFields.get(module);
  if (known !== undefined) return known;
  const names = module.fields.filter(({ type }) => type === 'file').map(({ name }) => name);
  fileFields.set(module, names);
  return names;
}

function filesOf(names: readonly string[], values: RecordValues | undefined): ReadonlySet<string> {
  if (values === undefined) return new Set();
  return new Set(names.flatMap((name) => fileIdIn(values[name] ?? null) ?? []));
}
