import { MapwrightError } from '../../../core/error.ts';
import { leadingNumber } from '../number.ts';

/** Computes with the fields of one record; null where a field that it needs is empty, or it divides by nothing. */
export type RowArithmetic = (fields: Readonly<Record<string, string>>) => number | null;

const TOKEN = /\s*(?:(?<number>\d+(?:\.\d+)?|\.\d+)|(?<name>[A-Za-z_]\w*(?:\.\w+)?)|(?<sign>[-+*/%(),]))/uy;
const DEEPEST = 50;

type Operation = (a: number, b: number) => number | null;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  '%': (a, b) => (b === 0 ? null : a % b),
};

const FUNCTIONS: Readonly<Record<string, (values: readonly (number | null)[]) => number | null>> = {
  coalesce: (values) => values.find((value) => value !== null) ?? null,
  ifnull: ([value = null, otherwise = null]) => value ?? otherwise,
  abs: ([value = null]) => (value === null ? null : Math.abs(value)),
  round: ([value = null, digits]) => (value === null ? null : Number(value.toFixed(clamped(digits ?? 0)))),
};

function clamped(digits: number): number {
  return Math.max(0, Math.min(15, Math.trunc(digits)));
}

/**
 * Reads what the original hands to its database: numbers, fields (`quantity`, `vtiger_lines.quantity`), `+ - * / %`,
 * brackets, `coalesce ifnull abs round time_to_sec`. Throws EXPRESSION_FAILED for anything else.
 */
export function readArithmetic(text: string, isField: (name: string) => boolean): RowArithmetic {
  const reader = new ArithmeticReader(text, isField);
  return reader.whole();
}

class ArithmeticReader {
  readonly #text: string;
  readonly #isField: (name: string) => boolean;
  readonly #tokens: string[] = [];
  #next = 0;
  #depth = 0;

  constructor(text: string, isField: (name: string) => boolean) {
    this.#text = text;
    this.#isField = isField;
    TOKEN.lastIndex = 0;
    const trimmed = text.trim();
    for (let match = TOKEN.exec(trimmed); match !== null; match = TOKEN.exec(trimmed)) {
      this.#tokens.push(match[0].trim());
      if (TOKEN.lastIndex === trimmed.length) return;
    }
    throw this.#failure();
  }

  whole(): RowArithmetic {
    const value = this.#sum();
    if (this.#next < this.#tokens.length) throw this.#failure();
    return value;
  }

  #sum(): RowArithmetic {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/', '%'], () => this.#signed()));
  }

  #chain(signs: readonly string[], part: () => RowArithmetic): RowArithmetic {
    let left = part();
    for (let sign = this.#tokens[this.#next] ?? ''; signs.includes(sign); sign = this.#tokens[this.#next] ?? '') {
      this.#next += 1;
      const operation = OPERATIONS[sign];
      const [first, second] = [left, part()];
      left = (fields) => {
        const [a, b] = [first(fields), second(fields)];
        return a === null || b === null || operation === undefined ? null : operation(a, b);
      };
    }
    return left;
  }

  #signed(): RowArithmetic {
    const token = this.#take();
    if (token === '-' || token === '+') {
      const value = this.#deeper(() => this.#signed());
      return token === '+' ? value : (fields) => negated(value(fields));
    }
    if (token === '(') {
      const value = this.#deeper(() => this.#sum());
      if (this.#take() !== ')') throw this.#failure();
      return value;
    }
    if (/^[\d.]/u.test(token)) return () => Number(token);
    if (!/^[A-Za-z_]/u.test(token)) throw this.#failure();
    return this.#tokens[this.#next] === '(' ? this.#call(token.toLowerCase()) : this.#field(token, numberOf);
  }

  #call(name: string): RowArithmetic {
    this.#take();
    if (name === 'time_to_sec') {
      const value = this.#field(this.#take(), secondsOf);
      if (this.#take() !== ')') throw this.#failure();
      return value;
    }
    const compute = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (compute === undefined) throw this.#failure();
    const values: RowArithmetic[] = [];
    let after = '';
    do {
      values.push(this.#deeper(() => this.#sum()));
      after = this.#take();
    } while (after === ',');
    if (after !== ')') throw this.#failure();
    return (fields) => compute(values.map((value) => value(fields)));
  }

  #field(token: string, read: (text: string) => number | null): RowArithmetic {
    const name = token.split('.').at(-1) ?? '';
    if (!this.#isField(name)) {
      throw new MapwrightError('EXPRESSION_FAILED', `there is no field "${name}" to compute with`, {
        hint: 'name fields of the module whose records are added up',
      });
    }
    return (fields) => read(fields[name] ?? '');
  }

  #take(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#failure();
    this.#next += 1;
    return token;
  }

  #deeper(read: () => RowArithmetic): RowArithmetic {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#failure();
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #failure(): MapwrightError {
    return new MapwrightError('EXPRESSION_FAILED', `"${this.#text.slice(0, 60)}" cannot be computed for each record`, {
      hint: 'use fields, numbers, + - * / % and brackets; coalesce, ifnull, abs, round, time_to_sec',
    });
  }
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}

/** Empty is nothing; text counts as the number that it starts with. */
export function numberOf(text: string): number | null {
  return text === '' ? null : (leadingNumber(text) ?? 0);
}

/** The seconds of `HH:MM[:SS]`, which may be more than a day's; null for anything else. */
export function secondsOf(text: string): number | null {
  const [, sign = '', hours = '', minutes = '', seconds = '0'] =
    /^(-?)(\d{1,4}):(\d\d)(?::(\d\d))?$/u.exec(text.slice(-9)) ?? [];
  if (hours === '') return null;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -total : total;
}
