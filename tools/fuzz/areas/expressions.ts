import type { Json } from '../../../src/core/json.ts';
import { compileJsonata } from '../../../src/expression/jsonata.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, randomText } from '../generate/hostile-text.ts';
import { ENDLESS_JSONATA_TEXTS, JSONATA_GRAMMAR, JSONATA_TEXTS, JSONATA_WORDS } from '../generate/jsonata-grammar.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { checkValue } from './checked-value.ts';
import { AMBIENCE, ENVIRONMENT } from './environment.ts';
import { checkPlace, checkProblem, checkRefusal } from './told-problem.ts';

/** What the condition of a trigger gets: an endless expression costs a round little. */
const BUDGET = { timeoutMs: 20 };
/** Expressions evaluated a second time, which must give the same. */
const REPEATED_ONE_IN = 8;
/** Paths and comparisons of them, the most common expressions. */
const SIMPLE = /^[\w.`'"-]+(?: ?!?= ?[\w.`'"-]+)?$/u;
const CODES = /^EXPRESSION_[A-Z_]+$/u;

const mutator = new Mutator({
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
});

/** JSONata: a value or an error of the product, within the bounds. */
export const AREA: Area = {
  name: 'expressions',
  limitMs: 1000,
  generate(random): Json {
    return random.weighted([
      [30, randomText],
      [120, (one: Random) => mutator.mutated(one)],
      [240, (one: Random) => JSONATA_GRAMMAR.expand(one, 'expression', one.oneIn(5) ? 200 : 25)],
      [30, (one: Random) => mutator.mutate(one, JSONATA_GRAMMAR.expand(one, 'expression', 30))],
      [1, (one: Random) => mutator.mutate(one, one.pick(ENDLESS_JSONATA_TEXTS))],
    ])(random);
  },
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() } satisfies Target),
};

async function judge(input: Json): Promise<Verdict> {
  const text = String(input);
  const compiled = compileJsonata(text);
  for (const problem of compiled.ok ? compiled.warnings : [compiled.problem]) checkProblem(text, problem, CODES);
  if (!compiled.ok) return 'refused';
  for (const reference of compiled.value.references) checkPlace(text, reference);
  try {
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
  } catch (thrown) {
    return checkRefusal(thrown, CODES);
  }
}

/** Brackets change no value: what is read by a shorter way without them is the same. */
async function checkBracketed(text: string, written: string | undefined): Promise<void> {
  const compiled = compileJsonata(`(${text})`);
  promise(compiled.ok, () => `(${text}) cannot be compiled`);
  const bracketed = JSON.stringify(await compiled.value.evaluate(ENVIRONMENT, AMBIENCE, BUDGET));
  promise(bracketed === written, () => `${text} is ${written}, and in brackets ${bracketed}`);
}
