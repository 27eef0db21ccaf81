import { RE2JS } from 're2js';
import { MapwrightError, messageOf } from '../core/error.ts';
import { type JsonataGuard, tooLarge } from './jsonata-guard.ts';

const MAX_CACHED = 500;
/** Characters times instructions of the compiled pattern: about a second of the slowest matching. */
const MAX_WORK = 50_000_000;

interface CompiledRegex {
  readonly regex: RE2JS;
  readonly programSize: number;
}

const cache = new Map<string, CompiledRegex>();

/**
 * Compiles a regular expression for linear-time matching (RE2 syntax: no look-around, no back-references).
 * Throws EXPRESSION_REGEX when the syntax is not supported. Flags are JavaScript's `i`, `m`, `s`; others are ignored.
 */
export function compileRegex(source: string, flags: string): CompiledRegex {
  const key = `${flags}/${source}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const compiled = translateAndCompile(source, flags);
  if (cache.size >= MAX_CACHED) {
    const oldest = cache.keys().next();
    if (oldest.done !== true) cache.delete(oldest.value);
  }
  cache.set(key, compiled);
  return compiled;
}

function translateAndCompile(source: string, flags: string): CompiledRegex {
  const options =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  try {
    const regex = RE2JS.compile(RE2JS.translateRegExp(source), options);
    return { regex, programSize: regex.matcher('').programSize() };
  } catch (thrown) {
    throw new MapwrightError('EXPRESSION_REGEX', `the regular expression is not supported: ${messageOf(thrown)}`, {
      hint: 'look-around and back-references are not available',
      cause: thrown,
    });
  }
}

/** Throws EXPRESSION_TOO_LARGE when matching a text of this length could take too long. */
export function checkRegexWork(compiled: { readonly programSize: number }, length: number): void {
  if (length * Math.max(1, compiled.programSize) > MAX_WORK) {
    throw tooLarge(`a regular expression is used on ${length} characters`);
  }
}

/** What JSONata needs of a regular expression engine: `exec` with `lastIndex`, as a global JavaScript RegExp has it. */
export function regexEngine(guard: () => JsonataGuard): new (regex: RegExp) => Pick<RegExp, 'lastIndex' | 'exec'> {
  return class BoundedRegex {
    lastIndex = 0;
    readonly #compiled: CompiledRegex;

    constructor(regex: RegExp) {
      this.#compiled = compileRegex(regex.source, regex.flags);
    }

    exec(text: string): RegExpExecArray | null {
      guard().checkTime();
      checkRegexWork(this.#compiled, text.length);
      const matcher = this.#compiled.regex.matcher(text);
      if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
        this.lastIndex = 0;
        return null;
      }
      this.lastIndex = matcher.end();
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined);
      const [whole = '', ...rest] = groups;
      return Object.assign([whole, ...rest] as [string, ...string[]], { index: matcher.start(), input: text });
    }
  };
}
