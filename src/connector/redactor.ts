import { type Stretch, encodedRuns } from './encoded-runs.ts';
import { MIN_FORM_LENGTH, encodedRun } from './secret-forms.ts';
import { type SoughtSecret, findForm, isSoughtWhole, soughtSecret } from './sought-secret.ts';

/** What stands in the place of a secret. */
export const DOTS = '••••';

/** Hides the secrets of a run wherever they show up. */
export interface Redactor {
  /**
   * From now on this text is hidden, in all its forms, and without the blanks and line breaks around it, as it is sent.
   * Texts shorter than 4 characters are not: they turn up by chance, and are hidden by the names of the members,
   * parameters and headers that hold them. Hidden is also the start of a text that somebody has cut, where 16 characters
   * or more of it are seen; and of a text too long to be looked for whole, such as a private key, every piece of 48 letters
   * or digits in a row.
   */
  add(secret: string): void;
  /** The text with dots in the place of every secret; secrets that touch or overlap become one. */
  redact(text: string): string;
  /** As `redact` on the first `length` characters of the text; a secret that goes on beyond them is hidden whole. */
  redactStart(text: string, length: number): string;
  /** Characters of the longest text that is looked for as one: of a secret in some form, or of a piece. */
  readonly longestForm: number;
}

/** A redactor that knows no secret yet. Takes time in proportion to the text and to the number of secrets. */
export function createRedactor(): Redactor {
  const secrets = new Map<string, SoughtSecret>();
  /** A shorter text holds nothing of any of them: most header values and names do not. */
  let shortest = Infinity;
  const addOne = (secret: string): void => {
    if (secret.length < MIN_FORM_LENGTH || secrets.has(secret)) return;
    const sought = soughtSecret(secret);
    secrets.set(secret, sought);
    shortest = Math.min(shortest, sought.shortest, sought.forms.shortestEncoded);
  };
  const redactStart = (given: string, length: number): string => {
    // As it is sent and stored, and as the forms of secrets are: without half characters.
    const text = given.toWellFormed();
    const found = text.length < shortest ? [] : stretches(text, [...secrets.values()]);
    return found.length === 0 ? text.slice(0, length) : hide(text, length, found);
  };
  return {
    add(secret) {
      // A secret that was stored from a file ends in a line break, which is not sent.
      addOne(secret.trim());
      if (isSoughtWhole(secret)) addOne(secret);
    },
    redact: (text) => redactStart(text, text.length),
    redactStart,
    get longestForm() {
      return [...secrets.values()].reduce((longest, secret) => Math.max(longest, secret.longest()), 0);
    },
  };
}

/** In the order of their starts. */
function stretches(text: string, secrets: readonly SoughtSecret[]): Stretch[] {
  const found: Stretch[] = [];
  for (const secret of secrets) secret.find(text, found);
  const readable = inOrder(found);
  const encoded = inOrder(encodedStretches(text, secrets, readable));
  return encoded.length === 0 ? readable : inOrder([...readable, ...encoded]);
}

function inOrder(found: Stretch[]): Stretch[] {
  return found.length < 2 ? found : found.toSorted((a, b) => a.start - b.start);
}

/** @param hidden what is hidden already, in the order of the starts: runs that lie in one of these need no look */
function encodedStretches(text: string, secrets: readonly SoughtSecret[], hidden: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  const shortest = secrets.reduce((least, { forms }) => Math.min(least, forms.shortestEncoded), Infinity);
  if (text.length < shortest) return found;
  let looked = 0;
  let hiddenTo = 0;
  for (const { start, end } of encodedRuns(text, shortest)) {
    for (let next = hidden[looked]; next !== undefined && next.start <= start; next = hidden[++looked]) {
      hiddenTo = Math.max(hiddenTo, next.end);
    }
    if (hiddenTo >= end) continue;
    const run = text.slice(start, end);
    const ready = encodedRun(run);
    for (const { forms } of secrets) {
      if (run.length < forms.shortestEncoded || !forms.mayBeIn(ready)) continue;
      for (const form of forms.encoded) findForm(run, form, { offset: start, found });
    }
  }
  return found;
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
