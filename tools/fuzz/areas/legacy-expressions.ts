import type { Json } from '../../../src/core/json.ts';
import type { LegacyEnvironment } from '../../../src/expression/legacy/environment.ts';
import { compileLegacy, type LegacyExpression } from '../../../src/expression/legacy/legacy.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, randomText } from '../generate/hostile-text.ts';
import { LEGACY_GRAMMAR } from '../generate/legacy-grammar.ts';
import { ENDLESS_LEGACY_TEXTS, LEGACY_TEXTS, LEGACY_WORDS } from '../generate/legacy-texts.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { checkValue } from './checked-value.ts';
import { type LegacyWorld, openLegacyWorld } from './legacy-world.ts';
import { checkPlace, checkProblem, checkRefusal } from './told-problem.ts';

interface ExpressionInput {
  readonly text: string;
  /** How much of an environment the expression finds. */
  readonly mode: LegacyEnvironment['mode'];
}

/** What the condition of a trigger gets: an endless expression costs a round little. */
const BUDGET = { timeoutMs: 20 };
const MODES = ['record', 'record', 'stub', 'none'] as const;
const COMPILING = /^EXPRESSION_[A-Z_]+$/u;
/** A function that asks another system fails as the call does, one that asks another map as that does. */
const COMPUTING = /^(?:EXPRESSION|CALL|RULE|MODULE|CONDITION)_[A-Z_]+$/u;
/** Words that do not end by themselves take what follows with them. */
const IGNORED = 'EXPRESSION_TEXT_IGNORED';

const mutator = new Mutator({
  texts: LEGACY_TEXTS,
  words: [...LEGACY_WORDS, ...HOSTILE_TEXTS],
  brackets: [
    ['(', ')'],
    ['concat(', ')'],
    ["stringreplace('a','aaaa',", ')'],
    ['if 1 then ', ' else 2 end'],
    ['evaluateExpression(', ')'],
    ['array(', ')'],
    ['-', ''],
    ['1+', ''],
  ],
});

/** Expressions of the legacy language, on a record of a small install: a value or an error of the product, within bounds. */
export const AREA: Area = {
  name: 'legacy-expressions',
  limitMs: 1000,
  generate(random): Json {
    const text = random.weighted([
      [30, randomText],
      [120, (one: Random) => mutator.mutated(one)],
      [240, (one: Random) => LEGACY_GRAMMAR.expand(one, 'expression', one.oneIn(5) ? 150 : 20)],
      [30, (one: Random) => mutator.mutate(one, LEGACY_GRAMMAR.expand(one, 'expression', 25))],
      [1, (one: Random) => mutator.mutate(one, one.pick(ENDLESS_LEGACY_TEXTS))],
    ])(random);
    return { text, mode: random.pick(MODES) };
  },
  open: () => Promise.resolve(new LegacyTarget()),
};

class LegacyTarget implements Target {
  readonly #world: LegacyWorld = openLegacyWorld();

  async judge(input: Json): Promise<Verdict> {
    const { text, mode } = input as unknown as ExpressionInput;
    const compiled = compileLegacy(text);
    for (const problem of compiled.ok ? compiled.warnings : [compiled.problem]) checkProblem(text, problem, COMPILING);
    if (!compiled.ok) return 'refused';
    for (const reference of compiled.value.references) checkPlace(text, reference);
    try {
      const first = checkValue(await this.#evaluate(compiled.value, mode));
      const again = checkValue(await this.#evaluate(compiled.value, mode));
      promise(first === again, () => `evaluated twice: ${first?.slice(0, 500)} and ${again?.slice(0, 500)}`);
      if (!compiled.warnings.some(({ code }) => code === IGNORED)) await this.#checkBracketed(text, mode, first);
      return 'accepted';
    } catch (thrown) {
      return checkRefusal(thrown, COMPUTING);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Each time in an environment of its own, as functions change settings and the context. */
  #evaluate(expression: LegacyExpression, mode: LegacyEnvironment['mode']): Promise<Json> {
    return expression.evaluate(this.#world.environment(mode), BUDGET);
  }

  /** Brackets around all of it change no value. */
  async #checkBracketed(text: string, mode: LegacyEnvironment['mode'], expected: string | undefined): Promise<void> {
    const compiled = compileLegacy(`(${text})`);
    promise(compiled.ok, () => `(${text}) cannot be compiled: ${compiled.ok ? '' : compiled.problem.message}`);
    const bracketed = checkValue(await this.#evaluate(compiled.value, mode));
    promise(bracketed === expected, () => `${text} is ${expected}, and in brackets ${bracketed}`);
  }
}
