import { MapwrightError } from '../core/error.ts';
import type { ParameterSource } from '../document/map.ts';
import type { LegacyEnvironment } from '../expression/legacy/environment.ts';
import { numberOf, plainNames } from '../expression/legacy/plain-names.ts';
import type { LegacyRow } from '../expression/legacy/services.ts';
import { toLegacyText } from '../expression/legacy/value.ts';
import { memberOf } from '../expression/output-path.ts';
import type { CompiledSource } from './compiled-source.ts';

type RelatedSource = Extract<ParameterSource, { kind: 'related' }>;

/**
 * Texts of the record that a field or context value leads to: empty when it leads nowhere. Fails with PARAMETER_MODULE
 * when the record is of another module than the map says, as the original breaks off.
 */
export function compileRelated(source: RelatedSource): CompiledSource {
  const { link, parts } = source;
  const at = { path: [link.value], offset: 0, length: link.value.length };
  const names = parts.filter(({ kind }) => kind === 'field').map(({ text }) => text);
  return {
    describe: `${names.join(', ')} behind ${link.value}`,
    references: [
      { root: 'record', ...at },
      { root: 'context', ...at },
    ],
    async evaluate(scope) {
      const { environment } = await scope.legacy();
      const row = await findRelated(source, environment);
      if (row === undefined) return '';
      return parts.map(({ kind, text }) => (kind === 'literal' ? text : fieldOf(row, text, environment))).join('');
    },
  };
}

async function findRelated(
  { link, module }: RelatedSource,
  environment: LegacyEnvironment,
): Promise<LegacyRow | undefined> {
  const { records } = environment.services;
  const stored = memberOf(environment.record, link.value) ?? memberOf(plainNames(environment), link.value) ?? '';
  const written = toLegacyText(stored).trim();
  const prefix = module === undefined ? undefined : records.module(module.value)?.prefix;
  const id = /^\d+$/u.test(written) && prefix !== undefined ? `${prefix}x${written}` : written;
  if (numberOf(id) === id) return undefined;
  const row = await records.read(id);
  if (row === undefined || module === undefined || row.module === module.value) return row;
  const message = `${link.value} leads to a record of ${row.module}, and the map looks for one of ${module.value}`;
  throw new MapwrightError('PARAMETER_MODULE', message, { hint: 'correct <RelModule> or <linkfield>' });
}

/** As the original's database has it: references and owners as plain numbers. */
function fieldOf(row: LegacyRow, name: string, { services }: LegacyEnvironment): string {
  if (name === 'record_id') return numberOf(row.id);
  if (name === 'record_module') return row.module;
  const value = memberOf(row.fields, name);
  const text = typeof value === 'string' ? value : '';
  const type = services.records.module(row.module)?.fields.get(name)?.type;
  return type === 'reference' || type === 'owner' ? numberOf(text) : text;
}
