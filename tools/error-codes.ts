import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** A text in quotes that is a code, with what stands before it on its line. */
const CODE_LITERAL = /^(?<before>.*?)'(?<code>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/u;

/** Names of the same form that are no codes of ours: of Node, of SQLite, of OpenSSL, of environment variables, of the EU's VAT service. */
const FOREIGN =
  /^(?:ERR_|SQLITE_|MAPWRIGHT_|NO_COLOR$|DATABASE_URL$|REDIS_URL$|INVALID_INPUT$|(?:\w+_)?SELF_SIGNED_CERT$)/u;

/** A line of the table in docs/errors.md. */
const DOCUMENTED = /^\| `(?<code>[A-Z][A-Z0-9_]*)` \|/gmu;

/** The codes that a source text names, in the order of their places. */
export function codesIn(source: string): string[] {
  return source.split('\n').flatMap(codesInLine);
}

function codesInLine(line: string): string[] {
  const codes: string[] = [];
  let rest = /^\s*(?:\/\/|\*|\/\*)/u.test(line) ? '' : line;
  for (let match = CODE_LITERAL.exec(rest); match?.groups !== undefined; match = CODE_LITERAL.exec(rest)) {
    const { code = '' } = match.groups;
    if (!FOREIGN.test(code)) codes.push(code);
    rest = rest.slice(match[0].length);
  }
  return codes;
}

/** Every code that src/ names, with the files that do. */
export function codesInSources(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of globSync('src/**/*.ts', { cwd: ROOT }).toSorted()) {
    for (const code of codesIn(readFileSync(join(ROOT, file), 'utf8'))) {
      const files = found.get(code) ?? [];
      if (!files.includes(file)) found.set(code, [...files, file]);
    }
  }
  return found;
}

/** Every code that docs/errors.md explains, in its order; a code that stands twice is given twice. */
export function documentedCodes(): string[] {
  const text = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  return [...text.matchAll(DOCUMENTED)].map((match) => match.groups?.['code'] ?? '');
}
