import { MIN_FORM_LENGTH, secretForms } from './secret-forms.ts';

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
  const secrets = new Set<string>();
  const forms = new Set<string>();
  let longestForm = 0;
  const redactStart = (text: string, length: number): string => hide(text, length, stretches(text, forms));
  return {
    add(secret) {
      if (secret.length < MIN_FORM_LENGTH || secrets.has(secret)) return;
      secrets.add(secret);
      for (const form of secretForms(secret)) {
        forms.add(form);
        longestForm = Math.max(longestForm, form.length);
      }
    },
    redact: (text) => redactStart(text, text.length),
    redactStart,
    get longestForm() {
      return longestForm;
    },
  };
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function stretches(text: string, forms: Iterable<string>): Stretch[] {
  const found: Stretch[] = [];
  for (const form of forms) {
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + form.length)) {
      found.push({ start, end: start + form.length });
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
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
