const LONGEST = 200;
const DEEPEST = 20;

/** A character for each class that a backslash names. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  n: '\n',
  t: '\t',
  r: '\r',
};

/**
 * A text that a regular expression of ECMA-262 matches, as far as it is made of letters, classes, groups, alternatives and
 * counts; undefined for anything else. The shortest counts and the first alternatives are taken.
 */
export function textOfPattern(pattern: string): string | undefined {
  const reader = new PatternReader(pattern);
  const text = reader.alternatives(0);
  return text === undefined || !reader.isAtEnd || text.length > LONGEST ? undefined : text;
}

class PatternReader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  /** The first of `a|b|c`; the others are read over. */
  alternatives(depth: number): string | undefined {
    if (depth > DEEPEST) return undefined;
    const first = this.#sequence(depth);
    while (this.#peek() === '|') {
      this.#at++;
      if (this.#sequence(depth) === undefined) return undefined;
    }
    return first;
  }

  #peek(): string | undefined {
    return this.#pattern[this.#at];
  }

  #sequence(depth: number): string | undefined {
    let text = '';
    while (!this.isAtEnd && this.#peek() !== '|' && this.#peek() !== ')') {
      const one = this.#atom(depth);
      if (one === undefined) return undefined;
      text += one.repeat(this.#count());
      if (text.length > LONGEST) return undefined;
    }
    return text;
  }

  #atom(depth: number): string | undefined {
    const character = this.#pattern[this.#at++] ?? '';
    if (character === '^' || character === '$') return '';
    if (character === '.') return 'a';
    if (character === '[') return this.#class();
    if (character === '(') return this.#group(depth);
    if (character === '\\') return this.#escaped();
    return '*+?{}]'.includes(character) ? undefined : character;
  }

  #escaped(): string | undefined {
    const character = this.#pattern[this.#at++];
    if (character === undefined || /[bBpPkuxc1-9]/u.test(character)) return undefined;
    return CLASSES[character] ?? character;
  }

  /** Looking ahead and behind says more than a text can be made of. */
  #group(depth: number): string | undefined {
    const start = /^\?(?:(:)|<[A-Za-z_]\w*>)/u.exec(this.#pattern.slice(this.#at, this.#at + 60));
    if (start !== null) this.#at += start[0].length;
    else if (this.#peek() === '?') return undefined;
    const text = this.alternatives(depth + 1);
    return this.#pattern[this.#at++] === ')' ? text : undefined;
  }

  #class(): string | undefined {
    const end = /^(?:\\.|[^\]\\])*\]/u.exec(this.#pattern.slice(this.#at))?.[0];
    if (end === undefined) return undefined;
    this.#at += end.length;
    const inside = end.slice(0, -1);
    if (inside.startsWith('^')) return ['a', '1', '-', ' ', 'é'].find((one) => isInClass(one, inside));
    const first = /^(?:\\(.)|(.))/u.exec(inside);
    if (first?.[1] !== undefined) return CLASSES[first[1]] ?? first[1];
    return first?.[2];
  }

  /** How often at least, but once where it may be none or many. */
  #count(): number {
    const found = /^(?:([*+?])|\{(\d{1,4})(?:,\d*)?\})\??/u.exec(this.#pattern.slice(this.#at, this.#at + 20));
    if (found === null) return 1;
    this.#at += found[0].length;
    return found[1] === undefined ? Number(found[2]) : found[1] === '?' ? 0 : 1;
  }
}

/** One class and one character: there is nothing to go back over. */
function isInClass(character: string, inside: string): boolean {
  try {
    return new RegExp(`^[${inside}]$`, 'u').test(character);
  } catch {
    return false;
  }
}
