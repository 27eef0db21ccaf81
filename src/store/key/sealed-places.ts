import { VALUE_PURPOSE, secretPurpose } from '../sealing.ts';
import { accessKeyPurpose } from '../user-row.ts';

/**
 * A column that holds sealed values. `text`: the whole text is one; `json`: those below `paths`, as contexts store them
 * (`{"$sealed": ...}`); `long-texts`: texts that such a value was moved to because of its length.
 */
export interface SealedPlace {
  /** For people. */
  readonly name: string;
  readonly table: string;
  /** The columns of its primary key. */
  readonly key: readonly string[];
  readonly column: string;
  readonly form: 'text' | 'json' | 'long-texts';
  /** What the value of a row is sealed for. */
  readonly purpose: (key: readonly (string | number)[]) => string;
  /** Where in the JSON the objects are whose members are stored as context values are. */
  readonly paths: readonly (readonly string[])[];
  /** True where long texts lie apart from the JSON. */
  readonly hasLongTexts: boolean;
}

const COMMON = { form: 'text', purpose: () => VALUE_PURPOSE, paths: [], hasLongTexts: false } as const;

/**
 * Every place where values lie that are sealed under the install's key. A change of the key walks through them in this
 * order; a value that lies elsewhere would be lost with the old key.
 */
export const SEALED_PLACES: readonly SealedPlace[] = [
  {
    ...COMMON,
    name: 'secrets',
    table: 'secrets',
    key: ['name'],
    column: 'sealed',
    purpose: ([name]) => secretPurpose(String(name)),
  },
  {
    ...COMMON,
    name: 'access keys',
    table: 'users',
    key: ['number'],
    column: 'access_key',
    purpose: ([number]) => accessKeyPurpose(Number(number)),
  },
  { ...COMMON, name: 'tokens', table: 'credential_tokens', key: ['credential', 'subject'], column: 'sealed' },
  { ...COMMON, name: 'sign-ins', table: 'sign_ins', key: ['id'], column: 'sealed' },
  { ...COMMON, name: 'kept answers', table: 'api_requests', key: ['caller', 'key'], column: 'answer' },
  {
    ...COMMON,
    name: 'commands',
    table: 'inbox_jobs',
    key: ['id'],
    column: 'command',
    form: 'json',
    paths: [['outputs'], ['context', 'set']],
  },
  {
    ...COMMON,
    name: 'contexts',
    table: 'run_contexts',
    key: ['run'],
    column: 'context',
    form: 'json',
    paths: [[]],
    hasLongTexts: true,
  },
  {
    ...COMMON,
    name: 'orders',
    table: 'runs',
    key: ['id'],
    column: 'progress',
    form: 'json',
    paths: [
      ['order', 'outputs'],
      ['order', 'replaced', 'context'],
    ],
  },
  // Those that no context refers to any more, though the run that had them is still there.
  { ...COMMON, name: 'long texts', table: 'blobs', key: ['hash'], column: 'text', form: 'long-texts' },
];

/** The place of this name. */
export function sealedPlace(name: string): SealedPlace {
  const found = SEALED_PLACES.find((place) => place.name === name);
  if (found === undefined) throw new RangeError(`nothing is sealed in ${name}`);
  return found;
}
