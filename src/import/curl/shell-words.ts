/** One word of a command line. */
export interface ShellWord {
  readonly text: string;
  /** The names of variables that the shell would have put in; they stand in the text as `{{NAME}}`. */
  readonly variables: readonly string[];
}

/** The words of each command in a text of a POSIX shell; `;`, `&&`, `|` and line ends divide commands. */
export function posixCommands(text: string): ShellWord[][] {
  return new PosixReader(text).read();
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\u001b',
  E: '\u001b',
};

class PosixReader {
  readonly #text: string;
  #at = 0;
  #word: string | undefined;
  #variables: string[] = [];
  #words: ShellWord[] = [];
  readonly #commands: ShellWord[][] = [];

  constructor(text: string) {
    this.#text = text.replaceAll('\r\n', '\n');
  }

  read(): ShellWord[][] {
    while (this.#at < this.#text.length) this.#step();
    this.#endCommand();
    return this.#commands;
  }

  #step(): void {
    const character = this.#text[this.#at] ?? '';
    const next = this.#text[this.#at + 1];
    if (character === '\\') return this.#escaped(next);
    if (character === "'") return this.#quoted();
    if (character === '"') return this.#doubleQuoted();
    if (character === '$' && next === "'") return this.#ansiQuoted();
    if (character === '$' && next === '"') {
      this.#at++;
      return;
    }
    if (character === '$') return this.#variable();
    if (character === '#' && this.#word === undefined) return this.#comment();
    this.#at++;
    if (character === '\n' || character === ';' || character === '|' || (character === '&' && next === '&')) {
      if (character === '&') this.#at++;
      return this.#endCommand();
    }
    if (/\s/u.test(character)) this.#endWord();
    else this.#add(character);
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #escaped(next: string | undefined): void {
    this.#at += 2;
    // A backslash at the end of a line joins the next one; blanks behind it come from copying.
    if (next === '\n' || next === undefined) return;
    const rest = /^[ \t]+\n/u.exec(this.#text.slice(this.#at - 1, this.#at + 40));
    if (rest !== null && this.#word === undefined) this.#at += rest[0].length - 1;
    else this.#add(next);
  }

  #quoted(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    const stop = end === -1 ? this.#text.length : end;
    this.#add(this.#text.slice(this.#at + 1, stop));
    this.#at = stop + 1;
  }

  #doubleQuoted(): void {
    this.#add('');
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const character = this.#text[this.#at] ?? '';
      const next = this.#text[this.#at + 1] ?? '';
      if (character === '\\' && '$`"\\\n'.includes(next)) {
        this.#at += 2;
        if (next !== '\n') this.#add(next);
      } else if (character === '$') this.#variable();
      else {
        this.#at++;
        this.#add(character);
      }
    }
    this.#at++;
  }

  /** `$'...'` of bash. */
  #ansiQuoted(): void {
    this.#add('');
    this.#at += 2;
    while (this.#at < this.#text.length && this.#text[this.#at] !== "'") {
      if (this.#text[this.#at] !== '\\') {
        this.#add(this.#text[this.#at++] ?? '');
        continue;
      }
      const rest = this.#text.slice(this.#at + 1, this.#at + 10);
      const code = /^(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3}))/u.exec(rest);
      const number =
        code === null
          ? Number.NaN
          : Number.parseInt(code[1] ?? code[2] ?? code[3] ?? code[4] ?? '', code[4] === undefined ? 16 : 8);
      if (code !== null && number <= 0x10_ff_ff) {
        this.#add(String.fromCodePoint(number));
        this.#at += 1 + code[0].length;
      } else {
        this.#add(SIMPLE_ESCAPES[rest[0] ?? ''] ?? rest[0] ?? '');
        this.#at += 2;
      }
    }
    this.#at++;
  }

  #variable(): void {
    const found = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/u.exec(
      this.#text.slice(this.#at, this.#at + 200),
    );
    const name = found?.[1] ?? found?.[2];
    if (found === null || name === undefined) {
      this.#at++;
      this.#add('$');
      return;
    }
    this.#at += found[0].length;
    this.#variables.push(name);
    this.#add(`{{${name}}}`);
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push({ text: this.#word, variables: this.#variables });
    this.#word = undefined;
    this.#variables = [];
  }

  #endCommand(): void {
    this.#endWord();
    if (this.#words.length > 0) this.#commands.push(this.#words);
    this.#words = [];
  }
}
