import { DOTS } from '../../connector/redactor.ts';

/** Variables that stand for secrets in a command of the shell. */
export class ShellVariables {
  readonly #names: string[] = [];

  /** In the order in which they stand in the command. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * A text as one word of a POSIX shell, whatever is in it: nothing of it is expanded, and for each secret that is hidden in it a
   * variable stands, which the shell refuses to leave empty. The text must hold no NUL.
   */
  word(text: string): string {
    const pieces = text.split(new RegExp(`(?:${DOTS})+`, 'u'));
    let before = '';
    let word = '';
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) word += `"\${${this.#nameFor(before)}:?is not set}"`;
      if (piece !== '') word += quoted(piece);
      before += piece;
    }
    return word === '' ? "''" : word;
  }

  #nameFor(before: string): string {
    const wanted = `MW_${nameBefore(before)}`;
    let name = wanted;
    for (let count = 2; this.#names.includes(name); count++) name = `${wanted}_${count}`;
    this.#names.push(name);
    return name;
  }
}

/**
 * One word of a POSIX shell; nothing in single quotes means anything but the quote itself. What a terminal would obey, or show
 * in another order, is written as octal numbers: a command is looked at and pasted before it is run.
 */
function quoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(text)) return text;
  if (!UNSEEN.test(text)) return inSingleQuotes(text);
  // The shell takes newlines off the end of what a command prints.
  const end = /\n*$/u.exec(text)?.[0] ?? '';
  const escaped = text
    .slice(0, text.length - end.length)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll(new RegExp(UNSEEN, 'gu'), (character) =>
      [...Buffer.from(character)].map((byte) => String.raw`\0${byte.toString(8).padStart(3, '0')}`).join(''),
    );
  return `"$(printf %b ${inSingleQuotes(escaped)})"${end === '' ? '' : inSingleQuotes(end)}`;
}

/** Control characters, line separators and changes of direction; a line break and a tab are what they look like. */
const UNSEEN = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function inSingleQuotes(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What a value is called, by what stands in front of it: `&accessKey=`, `"password": "`, `Authorization: Bearer `. */
function nameBefore(text: string): string {
  const near = text.slice(-120);
  const found = /([A-Za-z][\w.-]*)(?:["']|%22)?\s*(?:=|:|%3A|>)\s*(?:["']|%22)?(?:[A-Za-z][\w-]* )?$/u.exec(near)?.[1];
  const words = (found ?? 'secret').replaceAll(/([a-z\d])([A-Z])/gu, '$1_$2').replaceAll(/[^A-Za-z\d]+/gu, '_');
  return words.toUpperCase().replaceAll(/^_+|_+$/gu, '') || 'SECRET';
}
