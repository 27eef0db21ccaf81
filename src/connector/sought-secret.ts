import type { Stretch } from './encoded-runs.ts';
import { LONGEST_PIECE, type LongSecret, PIECE, longSecret } from './long-secret.ts';
import { type SecretForms, secretForms } from './secret-forms.ts';

/** How a secret is looked for. */
export interface SoughtSecret {
  /** A text of fewer characters holds nothing of it. */
  readonly shortest: number;
  /** Its forms; of a long one those of its start. */
  readonly forms: SecretForms;
  /** Finds it in the forms that can be read, and where somebody has cut it; of a long one all its pieces, in every form. */
  find(text: string, found: Stretch[]): void;
  /** Characters of the longest text that is looked for as one. */
  longest(): number;
}

/** Longer texts are looked for in pieces. Of text that no encoding changes there are few forms, tokens most of all. */
const LONGEST_WHOLE = 1_024;
const LONGEST_WHOLE_PLAIN = 8 * 1_024;
const NOT_PLAIN = /[^A-Za-z0-9\-._]/;

/** Those worked out before, the latest used last: a login's secret comes in every run. */
const latest = new Map<string, SoughtSecret>();
const MOST_KEPT = 256;
/** Together they have at most so many characters, each of which may take a few dozen bytes. */
const MOST_CHARACTERS = 2 * 1024 * 1024;
let characters = 0;

/** The secret as it is looked for; what is worked out for it is shared by all that look for the same. */
export function soughtSecret(secret: string): SoughtSecret {
  const known = latest.get(secret);
  const sought = known ?? madeSecret(secret);
  if (known === undefined) characters += secret.length;
  else latest.delete(secret);
  latest.set(secret, sought);
  for (const [oldest] of latest) {
    if (latest.size <= MOST_KEPT && characters <= MOST_CHARACTERS) break;
    latest.delete(oldest);
    characters -= oldest.length;
  }
  return sought;
}

/** False of one that is looked for in pieces; blanks around it make no difference to these. */
export function isSoughtWhole(secret: string): boolean {
  return secret.length <= LONGEST_WHOLE || (secret.length <= LONGEST_WHOLE_PLAIN && !NOT_PLAIN.test(secret));
}

function madeSecret(secret: string): SoughtSecret {
  return isSoughtWhole(secret) ? wholeSecret(secret) : secretInPieces(secret);
}

function wholeSecret(secret: string): SoughtSecret {
  const forms = secretForms(secret);
  return {
    forms,
    shortest: Math.min(CUT_LENGTH, secret.length),
    find: (text, found) => findReadable(text, forms, found),
    longest: () => [...forms.readable, ...forms.encoded].reduce((longest, { length }) => Math.max(longest, length), 0),
  };
}

/** Its start is looked for as a whole secret is: that finds one of signs alone, too, which has no pieces. */
function secretInPieces(secret: string): SoughtSecret {
  const start = wholeSecret(secret.slice(0, LONGEST_START).replace(/[\ud800-\udbff]$/, ''));
  let pieces: LongSecret | undefined;
  return {
    forms: start.forms,
    shortest: start.shortest,
    find(text, found) {
      start.find(text, found);
      if (text.length < PIECE) return;
      pieces ??= longSecret(secret);
      pieces.find(text, found);
    },
    longest: () => Math.max(LONGEST_PIECE, start.longest()),
  };
}

const LONGEST_START = 64;

/** Of a secret that a message has cut, so many characters are told from other text. */
const CUT_LENGTH = 16;

function findReadable(text: string, forms: SecretForms, found: Stretch[]): void {
  for (const start of forms.starts) {
    const first = text.indexOf(start);
    if (first === -1 || (forms.isOneForm && findAsItStands(text, forms.text, { start, first, found }))) continue;
    for (const form of forms.readable) if (form.startsWith(start)) findStarts(text, form, found);
  }
}

/** Finds nothing and gives false unless each place where the secret may begin holds it whole and as it stands. */
function findAsItStands(
  text: string,
  secret: string,
  { start, first, found }: { readonly start: string; readonly first: number; readonly found: Stretch[] },
): boolean {
  const places: Stretch[] = [];
  let free = 0;
  for (let at = first; at !== -1; at = text.indexOf(start, at + 1)) {
    if (at < free || !text.startsWith(secret, at)) return false;
    free = at + secret.length;
    places.push({ start: at, end: free });
  }
  for (const place of places) found.push(place);
  return true;
}

/** Finds the form, and a start of it behind which somebody has cut it. */
function findStarts(text: string, form: string, found: Stretch[]): void {
  if (form.length <= CUT_LENGTH) return findForm(text, form, { offset: 0, found });
  const first = form.slice(0, CUT_LENGTH);
  for (let start = text.indexOf(first); start !== -1;) {
    const end = endOfShared(text, form, start);
    const isFound = end - start === form.length || isCut(text, end);
    if (isFound) found.push({ start, end });
    start = text.indexOf(first, isFound ? end : start + 1);
  }
}

/** Just behind the characters that the text, from `start` on, shares with the form; the first ones are known to be shared. */
function endOfShared(text: string, form: string, start: number): number {
  if (text.startsWith(form, start)) return start + form.length;
  let count = CUT_LENGTH;
  while (start + count < text.length && text.charCodeAt(start + count) === form.charCodeAt(count)) count++;
  return start + count;
}

/** True where a message has cut a value: it says so, or closes the quotes around it. */
function isCut(text: string, at: number): boolean {
  return text[at] === '"' || text[at] === '\u2026' || text.startsWith('...', at);
}

/** Finds the form wherever it is. @param place.offset where the text begins that the places are told in */
export function findForm(
  text: string,
  form: string,
  place: { readonly offset: number; readonly found: Stretch[] },
): void {
  const { offset, found } = place;
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + form.length)) {
    found.push({ start: offset + start, end: offset + start + form.length });
  }
}
