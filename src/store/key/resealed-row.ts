import { createHash } from 'node:crypto';
import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import { longTextOf, longTextReference } from '../context-encoding.ts';
import { VALUE_PURPOSE, keyIdOf } from '../sealing.ts';
import type { KeyRing } from './key-ring.ts';
import type { SealedPlace } from './sealed-places.ts';

/** A row of a place: its key, and the text of its column where that may hold sealed values. */
export interface PlacedRow {
  readonly key: readonly (string | number)[];
  readonly text: string | null;
}

/** What is in a row, and how it reads under the key in force. */
export interface ResealedRow {
  readonly key: readonly (string | number)[];
  readonly before: string;
  /** Undefined when nothing in it is to be sealed anew. */
  readonly after: string | undefined;
  /** Long texts of the row by their hash: those that come, and the hashes of those that it needs no more. */
  readonly newTexts: ReadonlyMap<string, string>;
  readonly oldTexts: readonly string[];
  readonly values: number;
  readonly outdated: number;
  readonly unknown: Readonly<Record<string, number>>;
}

/** The hashes of the long texts among the sealed values of a row. */
export function longTextsOfRow(place: SealedPlace, { text }: PlacedRow): readonly string[] {
  if (!place.hasLongTexts || text === null) return [];
  const hashes: string[] = [];
  changeValues(JSON.parse(text), place.paths, (sealed) => {
    const hash = longTextOf(sealed);
    if (hash !== undefined) hashes.push(hash);
    return sealed;
  });
  return hashes;
}

/** Seals anew what a row holds under another key of the ring than the current one. `textOf` gives a long text by its hash. */
export function resealRow(
  ring: KeyRing,
  place: SealedPlace,
  { key, text, textOf }: PlacedRow & { readonly text: string; readonly textOf: (hash: string) => string | undefined },
): ResealedRow {
  const tally = new Tally(ring);
  const newTexts = new Map<string, string>();
  const oldTexts: string[] = [];
  const common = { key, before: text, newTexts, oldTexts };
  if (place.form !== 'json') {
    const after = tally.reseal(place.purpose(key), text);
    return { ...common, ...tally.counts(), after: after === text ? undefined : after };
  }
  const whole = changeValues(JSON.parse(text), place.paths, (sealed) => {
    const hash = place.hasLongTexts ? longTextOf(sealed) : undefined;
    if (hash === undefined) return tally.reseal(VALUE_PURPOSE, sealed);
    const long = textOf(hash) ?? '';
    const after = tally.reseal(VALUE_PURPOSE, long);
    if (after === long) return sealed;
    const newHash = createHash('sha256').update(after).digest('hex');
    newTexts.set(newHash, after);
    oldTexts.push(hash);
    return longTextReference(newHash);
  });
  const counts = tally.counts();
  return { ...common, ...counts, after: counts.outdated === 0 ? undefined : JSON.stringify(whole) };
}

/** Counts sealed values as they are looked at. */
class Tally {
  readonly #ring: KeyRing;
  readonly #unknown: Record<string, number> = {};
  #values = 0;
  #outdated = 0;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  counts(): Pick<ResealedRow, 'values' | 'outdated' | 'unknown'> {
    return { values: this.#values, outdated: this.#outdated, unknown: this.#unknown };
  }

  reseal(purpose: string, sealed: string): string {
    const id = keyIdOf(sealed);
    if (id === undefined) return sealed;
    this.#values++;
    if (this.#ring.isCurrent(sealed)) return sealed;
    if (!this.#ring.has(id)) {
      this.#unknown[id] = (this.#unknown[id] ?? 0) + 1;
      return sealed;
    }
    const plain = this.#opened(purpose, sealed);
    if (plain === undefined) return sealed;
    this.#outdated++;
    return this.#ring.seal(purpose, plain);
  }

  /** Undefined for what was altered: no key opens it, so that it is under none. */
  #opened(purpose: string, sealed: string): string | undefined {
    try {
      return this.#ring.open(purpose, sealed);
    } catch {
      return undefined;
    }
  }
}

/** The JSON with each sealed member of the objects at these paths changed: `{"$sealed": text}`, as contexts store it. */
function changeValues(json: Json, paths: readonly (readonly string[])[], change: (sealed: string) => string): Json {
  return paths.reduce((whole, path) => changeBelow(whole, path, change), json);
}

function changeBelow(json: Json, [name, ...rest]: readonly string[], change: (sealed: string) => string): Json {
  if (!isJsonObject(json)) return json;
  if (name === undefined) {
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, changeStored(value, change)]));
  }
  const below = Object.hasOwn(json, name) ? json[name] : undefined;
  // Spread, not assigned: a name like `__proto__` stays a member.
  return below === undefined ? json : { ...json, [name]: changeBelow(below, rest, change) };
}

function changeStored(value: Json, change: (sealed: string) => string): Json {
  if (!isJsonObject(value) || '$plain' in value) return value;
  const sealed = value['$sealed'];
  return typeof sealed === 'string' ? { $sealed: change(sealed) } : value;
}
