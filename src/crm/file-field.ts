import { type FileReference, fileIdIn, fileText } from '../core/file-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { RecordValue, RecordValues } from '../core/record.ts';
import { recordInvalid } from './record-error.ts';

/** Finds a stored file for whoever is about to refer to it, and sees to it that it stays until then. */
export type HoldFile = (id: string) => Promise<FileReference | undefined>;

/**
 * The values with the whole reference wherever a file was named. What else was given with its id does not count: size and hash
 * are the store's. Rejects with RECORD_INVALID for a file that is not there.
 */
export async function withFiles(
  hold: HoldFile | undefined,
  module: ModuleDefinition,
  given: RecordValues,
): Promise<RecordValues> {
  const fields = module.fields.filter(({ name, type }) => type === 'file' && (given[name] ?? null) !== null);
  if (fields.length === 0) return given;
  const held: Record<string, RecordValue> = {};
  for (const field of fields) {
    const id = fileIdIn(given[field.name] ?? null);
    const file = id === undefined ? undefined : await hold?.(id);
    if (file === undefined) throw recordInvalid(field, 'names a file that is not there, or no longer: upload it again');
    held[field.name] = fileText(file);
  }
  return { ...given, ...held };
}

/** The values without those of files: a file of another install is not here. */
export function withoutFiles<T>(module: ModuleDefinition, values: Readonly<Record<string, T>>): Record<string, T> {
  const names = new Set(module.fields.filter(({ type }) => type === 'file').map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
}
