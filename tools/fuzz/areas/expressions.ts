import { MapwrightError } from '../../../src/core/error.ts';
import type { Json } from '../../../src/core/json.ts';
import type { CompileProblem, CompileResult } from '../../../src/expression/compiled.ts';
import { compileJsonata } from '../../../src/expression/jsonata.ts';
import type { LegacyEnvironment } from '../../../src/expression/legacy/environment.ts';
import { compileLegacy } from '../../../src/expression/legacy/legacy.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, randomText } from '../generate/hostile-text.ts';
import { ENDLESS_JSONATA_TEXTS, JSONATA_GRAMMAR, JSONATA_TEXTS, JSONATA_WORDS } from '../generate/jsonata-grammar.ts';
import { ENDLESS_LEGACY_TEXTS, LEGACY_GRAMMAR, LEGACY_TEXTS, LEGACY_WORDS } from '../generate/legacy-grammar.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { AMBIENCE, ENVIRONMENT, legacyEnvironment } from './environment.ts';

interface ExpressionInput {
  readonly language: 'jsonata' | 'legacy';
  readonly text: string;
  /** How much of an environment a legacy expression finds. */
  readonly mode: LegacyEnvironment['mode'];
}

/** What the condition of a trigger gets: an endless expression costs a round little. */
const BUDGET = { timeoutMs: 20 };
const LARGEST_RESULT = 32 * 1024 * 1024;
/** Expressions evaluated a second time, which must give the same. */
const REPEATED_ONE_IN = 8;
/** Paths and comparisons of them, the most common expressions. */
const SIMPLE = /^[\w.`'"-]+(?: ?!?= ?[\w.`'"-]+)?$/u;
const MODES = ['record', 'stub', 'none'] as const;

const LANGUAGES = {
  jsonata: {
    grammar: JSONATA_GRAMMAR,
    endless: ENDLESS_JSONATA_TEXTS,
    mutator: new Mutator({
      texts: JSONATA_TEXTS,
      words: [...JSONATA_WORDS, ...HOSTILE_TEXTS],
      brackets: [
        ['(', ')'],
        ['[', ']'],
        ['{"a":', '}'],
        ['$string(', ')'],
        ['-', ''],
        ['function(){', '}'],
      ],
    }),
  },
  legacy: {
    grammar: LEGACY_GRAMMAR,
    endless: ENDLESS_LEGACY_TEXTS,
    mutator: new Mutator({
      texts: LEGACY_TEXTS,
      words: [...LEGACY_WORDS, ...HOSTILE_TEXTS],
      brackets: [
        ['(', ')'],
        ['concat(', ')'],
        ["stringreplace('a','aaaa',", ')'],
        ['if 1 then ', ' else 2 end'],
        ['-', ''],
        ['1+', ''],
      ],
    }),
  },
};

/** Expressions of both languages: a value or an error of the product, within the bounds. */
export const AREA: Area = {
  name: 'expressions',
  limitMs: 1000,
  generate(random): Json {
    const language = random.oneIn(3) ? 'legacy' : 'jsonata';
    const { grammar, mutator, endless } = LANGUAGES[language];
    const text = random.weighted([
      [30, randomText],
      [120, (one: Random) => mutator.mutated(one)],
      [240, (one: Random) => grammar.expand(one, 'expression', one.oneIn(5) ? 200 : 25)],
      [30, (one: Random) => mutator.mutate(one, grammar.expand(one, 'expression', 30))],
      [1, (one: Random) => mutator.mutate(one, one.pick(endless))],
    ])(random);
    return { language, text, mode: random.pick(MODES) };
  },
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() } satisfies Target),
};

async function judge(input: Json): Promise<Verdict> {
  const { language, text, mode } = input as unknown as ExpressionInput;
  try {
    return language === 'jsonata' ? await judgeJsonata(text) : await judgeLegacy(text, mode);
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    // A function that asks another system fails as the call does.
    promise(/^(?:EXPRESSION|CALL)_[A-Z_]+$/u.test(thrown.code), () => `${thrown.code}: ${thrown.message}`);
    promise(
      thrown.message !== '' && thrown.message.length < LARGEST_RESULT / 1024,
      () => 'an error without a fitting message',
    );
    return 'refused';
  }
}

async function judgeJsonata(text: string): Promise<Verdict> {
  const compiled = compileJsonata(text);
  checkProblems(text, compiled);
  if (!compiled.ok) return 'refused';
  checkPlaces(text, compiled.value.references);
  const first = await compiled.value.evaluate(ENVIRONMENT, AMBIENCE, BUDGET);
  const written = checkValue(first);
  if (SIMPLE.test(text)) await checkBracketed(text, written);
  if (text.length % REPEATED_ONE_IN !== 0) return 'accepted';
  const again = await compiled.value.evaluate(ENVIRONMENT, AMBIENCE, BUDGET);
  promise(
    JSON.stringify(again) === written,
    () => `evaluated twice: ${written?.slice(0, 500)} and ${JSON.stringify(again)?.slice(0, 500)}`,
  );
  return 'accepted';
}

/** Brackets change no value: what is read by a shorter way without them is the same. */
async function checkBracketed(text: string, written: string | undefined): Promise<void> {
  const compiled = compileJsonata(`(${text})`);
  promise(compiled.ok, () => `(${text}) cannot be compiled`);
  const bracketed = JSON.stringify(await compiled.value.evaluate(ENVIRONMENT, AMBIENCE, BUDGET));
  promise(bracketed === written, () => `${text} is ${written}, and in brackets ${bracketed}`);
}

async function judgeLegacy(text: string, mode: LegacyEnvironment['mode']): Promise<Verdict> {
  const compiled = compileLegacy(text);
  checkProblems(text, compiled);
  if (!compiled.ok) return 'refused';
  checkPlaces(text, compiled.value.references);
  checkValue(await compiled.value.evaluate(legacyEnvironment(mode), BUDGET));
  return 'accepted';
}

function checkValue(value: Json | undefined): string | undefined {
  const written = JSON.stringify(value);
  promise(written === undefined || written.length < LARGEST_RESULT, () => `a value of ${written?.length} characters`);
  promise(value === undefined || isJson(value), () => `a value that is no JSON: ${written?.slice(0, 500)}`);
  return written;
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  return (Array.isArray(value) ? value : Object.values(value)).every(isJson);
}

function checkProblems(text: string, result: CompileResult<unknown>): void {
  const problems = result.ok ? result.warnings : [result.problem];
  for (const { code, message } of problems)
    promise(/^EXPRESSION_[A-Z_]+$/u.test(code) && message !== '', () => `${code}: ${message}`);
  checkPlaces(text, problems);
}

function checkPlaces(text: string, places: readonly Pick<CompileProblem, 'offset' | 'length'>[]): void {
  for (const { offset, length } of places) {
    const isInside = offset >= 0 && length >= 0 && offset + length <= text.length;
    promise(isInside, () => `the place ${offset}+${length} is outside of a text of ${text.length}`);
  }
}
