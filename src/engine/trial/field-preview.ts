import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import type { RecordImage, RecordValue, RecordValues } from '../../core/record.ts';
import type { StepEffect } from '../../core/step.ts';
import type { RecordWrite } from '../../core/unit-of-work.ts';
import type { OutputWrite } from '../answer/judged-answer.ts';
import { asRecordValue } from '../record-value.ts';
import { type StepFailure, failureOfEvaluation } from '../step-failure.ts';
import type { TrialEngine } from '../try-map.ts';

/** What a record would become. Nothing of it is written. */
export interface FieldPreview {
  readonly before: RecordValues;
  /** With every value as its field keeps it; as it is when a value does not fit. */
  readonly after: RecordValues;
  /** Undefined when nothing differs, or a value does not fit. */
  readonly write: RecordWrite | undefined;
  /** Why the record host refuses it. */
  readonly failure: StepFailure | undefined;
}

/** The fields that outputs write, in the form that records take. */
export function fieldsOf(writes: readonly OutputWrite[]): Record<string, RecordValue> {
  const fields: Record<string, RecordValue> = {};
  for (const { field, value } of writes) if (field !== undefined) fields[field] = asRecordValue(value);
  return fields;
}

/** Has the record host look at what would be written; undefined where there is no stored record, or nothing for it. */
export async function decideFields(
  { host, serviceUser }: Pick<TrialEngine, 'host' | 'serviceUser'>,
  image: RecordImage | undefined,
  writes: readonly OutputWrite[],
): Promise<FieldPreview | undefined> {
  const fields = fieldsOf(writes);
  if (image === undefined || host.decideUpdate === undefined || Object.keys(fields).length === 0) return undefined;
  const before = image.values;
  try {
    const write = await host.decideUpdate({ image, fields, actor: { user: serviceUser.id } });
    return { before, after: write?.values ?? before, write, failure: undefined };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code.startsWith('STORE_')) throw thrown;
    return { before, after: before, write: undefined, failure: failureOfEvaluation(thrown) };
  }
}

/** What outputs would write, one effect for each place; of a stored record with what is there now. */
export function effectsOf(
  writes: readonly OutputWrite[],
  { preview, show }: { readonly preview: FieldPreview | undefined; readonly show: (value: Json) => Json },
): StepEffect[] {
  return writes.flatMap(({ field, context, from, value: given, sensitive }) => {
    const shown = (value: Json): Json => (sensitive ? '••••' : show(value));
    const fitted =
      field === undefined || preview === undefined || preview.failure !== undefined ? given : preview.after[field];
    return [
      ...(field === undefined
        ? []
        : [
            {
              kind: 'field' as const,
              name: field,
              from,
              value: shown(fitted ?? null),
              ...(preview === undefined ? {} : { previous: shown(preview.before[field] ?? null) }),
            },
          ]),
      ...(context === undefined ? [] : [{ kind: 'context' as const, name: context, from, value: shown(given) }]),
    ];
  });
}
