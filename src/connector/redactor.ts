import { type Stretch, encodedRuns } from './encoded-runs.ts';
import { MIN_FORM_LENGTH, type SecretForms, plainSigns, secretForms } from './secret-forms.ts';

/** What stands in the place of a secret. */
export const DOTS = '••••';

/** Hides the secrets of a run wherever they show up. */
export interface Redactor {
  /**
   * From now on this text is hidden, in all its forms. Texts shorter than 4 characters are not: they turn up by chance,
   * and are hidden by the names of the members, parameters and headers that hold them.
   */
  add(secret: string): void;
  /** The text with dots in the place of every secret; secrets that touch or overlap become one. */
  redact(text: string): string;
  /** As `redact` on the first `length` characters of the text; a secret that goes on beyond them is hidden whole. */
  redactStart(text: string, length: number): string;
  /** Characters of the longest form of any secret. */
  readonly longestForm: number;
}

/** A redactor that knows no secret yet. Takes time in proportion to the text and to the number of secrets. */
export function createRedactor(): Redactor {
  const secrets = new Map<string, SecretForms>();
  /** A shorter text holds no form of any of them: most header values and names do not. */
  let shortest = Infinity;
  const redactStart = (given: string, length: number): string => {
    // As it is sent and stored, and as the forms of secrets are: without half characters.
    const text = given.toWellFormed();
    const found = text.length < shortest ? [] : stretches(text, secrets.values());
    return found.length === 0 ? text.slice(0, length) : hide(text, length, found);
  };
  return {
    add(secret) {
      if (secret.length < MIN_FORM_LENGTH || secrets.has(secret)) return;
      const forms = keptForms(secret);
      secrets.set(secret, forms);
      shortest = Math.min(shortest, forms.shortestEncoded, ...forms.readable.map(({ length }) => length));
    },
    redact: (text) => redactStart(text, text.length),
    redactStart,
    get longestForm() {
      const forms = [...secrets.values()].flatMap(({ readable, encoded }) => [...readable, ...encoded]);
      return forms.reduce((longest, { length }) => Math.max(longest, length), 0);
    },
  };
}

/** Forms worked out before, the latest used last: a login's secret comes in every run. */
const latestForms = new Map<string, SecretForms>();
const MOST_KEPT = 64;

function keptForms(secret: string): SecretForms {
  const known = latestForms.get(secret) ?? secretForms(secret);
  latestForms.delete(secret);
  latestForms.set(secret, known);
  const [oldest] = latestForms.keys();
  if (latestForms.size > MOST_KEPT && oldest !== undefined) latestForms.delete(oldest);
  return known;
}

/** In the order of their starts. */
function stretches(text: string, secrets: Iterable<SecretForms>): Stretch[] {
  const found: Stretch[] = [];
  let shortest = Infinity;
  const known = [...secrets];
  for (const { readable, shortestEncoded } of known) {
    shortest = Math.min(shortest, shortestEncoded);
    for (const form of readable) findForm(text, form, 0, found);
  }
  if (text.length >= shortest) findEncoded(text, known, shortest, found);
  return found.length < 2 ? found : found.toSorted((a, b) => a.start - b.start);
}

function findEncoded(text: string, secrets: readonly SecretForms[], shortest: number, found: Stretch[]): void {
  const readable = found.length;
  for (const { start, end } of encodedRuns(text, shortest)) {
    if (isCovered(found, readable, start, end)) continue;
    const run = text.slice(start, end);
    const plain = run.includes('%') ? undefined : plainSigns(run);
    for (const secret of secrets) {
      if (run.length < secret.shortestEncoded || (plain !== undefined && !secret.mayBeIn(plain))) continue;
      for (const form of secret.encoded) findForm(run, form, start, found);
    }
  }
}

/** True when one of the first stretches hides the whole of it already. */
function isCovered(found: readonly Stretch[], count: number, start: number, end: number): boolean {
  for (let index = 0; index < count; index++) {
    const stretch = found[index];
    if (stretch !== undefined && stretch.start <= start && stretch.end >= end) return true;
  }
  return false;
}

function findForm(text: string, form: string, offset: number, found: Stretch[]): void {
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + form.length)) {
    found.push({ start: offset + start, end: offset + start + form.length });
  }
}

/** @param found in the order of their starts */
function hide(text: string, length: number, found: readonly Stretch[]): string {
  let hidden = '';
  let shownTo = 0;
  for (const { start, end } of found) {
    if (start >= length) break;
    if (start > shownTo || (start === shownTo && !hidden.endsWith(DOTS))) hidden += text.slice(shownTo, start) + DOTS;
    shownTo = Math.max(shownTo, end);
  }
  return hidden + text.slice(Math.min(shownTo, length), length);
}
