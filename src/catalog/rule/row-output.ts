import type { RuleOutput } from '../../document/rule/rule.ts';
import type { LegacyEnvironment } from '../../expression/legacy/environment.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import { type LegacyValue, toLegacyText } from '../../expression/legacy/value.ts';
import { DOES_NOT_PASS } from './hit-policy.ts';

/** What a row of a decision table is evaluated on. */
export interface RowView {
  readonly given: GivenValues;
  readonly environment: LegacyEnvironment;
}

/** Gives the values of one row by their sequence: one, or of a search one for each record found. */
export type RowEvaluation = (view: RowView) => Promise<readonly (readonly [sequence: string, value: LegacyValue])[]>;

/** What a value counts as: itself, or all fields of the record whose id it is. */
export async function outputOf(
  output: RuleOutput | undefined,
  value: LegacyValue,
  { services, values }: GivenValues,
): Promise<LegacyValue> {
  if (output === undefined || output === 'Row') return DOES_NOT_PASS;
  if (output !== 'crmObject') return value;
  const written = toLegacyText(value);
  const prefix = services.records.module(toLegacyText(values['record_module'] ?? ''))?.prefix;
  const row = await services.records.read(/^\d+$/u.test(written) ? `${prefix ?? ''}x${written}` : written);
  return row === undefined ? DOES_NOT_PASS : { ...row.fields, id: row.id, record_module: row.module };
}
