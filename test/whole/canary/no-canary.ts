import assert from 'node:assert/strict';
import { canaryForms } from './canary-forms.ts';
import type { Told } from './told-everywhere.ts';

/** Shown around what was found, so that its place can be told. */
const AROUND = 60;
const LONGEST_TOLD = 300;
const MOST_TOLD = 8;
/** Every form has at least so many characters. */
const START_LENGTH = 4;

/** Fails, with the place of each, when a canary is told or stored in any of its forms. */
export function assertNoCanary(told: Told, canaries: Iterable<string>): void {
  const forms = new FormSearch(canaries);
  const seen = new Set<string>();
  const found: string[] = [];
  for (const [where, whole] of told) {
    // No canary has a line break, and most of what is told is told in several ways.
    for (const line of whole.split('\n')) {
      if (seen.has(line)) continue;
      seen.add(line);
      for (const { at, form, canary } of forms.in(line)) {
        const around = line.slice(Math.max(0, at - AROUND), at + form.length + AROUND);
        found.push(`${where}: ${canary} as ${form}: ${around}`.slice(0, LONGEST_TOLD));
      }
    }
  }
  assert.deepEqual(found.slice(0, MOST_TOLD), [], `${found.length} places`);
}

interface Found {
  readonly at: number;
  readonly form: string;
  readonly canary: string;
}

/** Looks for all forms in one pass: there are hundreds of them, and megabytes to look through. */
class FormSearch {
  readonly #forms = new Map<string, { readonly form: string; readonly canary: string }[]>();
  /** By a hash of the first characters: false for starts that no form has. */
  readonly #mayStart = new Uint8Array(1 << 16);
  /** By the first character alone: quicker to ask. */
  readonly #firsts = new Uint8Array(1 << 16);

  constructor(canaries: Iterable<string>) {
    for (const canary of canaries) {
      for (const form of canaryForms(canary)) {
        const start = form.slice(0, START_LENGTH);
        this.#forms.set(start, [...(this.#forms.get(start) ?? []), { form, canary }]);
        this.#mayStart[hashAt(start, 0)] = 1;
        this.#firsts[form.charCodeAt(0)] = 1;
      }
    }
  }

  in(text: string): Found[] {
    const found: Found[] = [];
    for (let at = 0; at + START_LENGTH <= text.length; at++) {
      if (this.#firsts[text.charCodeAt(at)] !== 1 || this.#mayStart[hashAt(text, at)] !== 1) continue;
      for (const one of this.#forms.get(text.slice(at, at + START_LENGTH)) ?? []) {
        if (text.startsWith(one.form, at)) found.push({ at, ...one });
      }
    }
    return found;
  }
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let index = at; index < at + START_LENGTH; index++) hash = (hash * 251 + text.charCodeAt(index)) & 0xff_ff;
  return hash;
}
