import type { Random } from './random.ts';

/** By a rule's name its alternatives; `«rule»` in one stands for a text of that rule. */
export type Rules = Readonly<Record<string, readonly string[]>>;

/** Pieces at even places are text, at odd places the names of rules. */
type Alternative = readonly string[];
type Alternatives = ReadonlyMap<string, readonly Alternative[]>;

/** So many rules after its budget a text comes to its end by the shortest way. */
const RULES_OVER_BUDGET = 40;

/** Makes texts that follow rules, so that most of them mean something. */
export class Grammar {
  readonly #rules: Alternatives;
  readonly #fewest: Alternatives;
  readonly #lowest: Alternatives;
  readonly #words: (random: Random, rule: string) => string | undefined;

  /** @param words gives the text of a rule that is not among `rules`; undefined for one it does not know */
  constructor(rules: Rules, words: (random: Random, rule: string) => string | undefined = () => undefined) {
    this.#words = words;
    this.#rules = new Map(
      Object.entries(rules).map(([name, texts]) => [name, texts.map((text) => text.split(/[«»]/u))]),
    );
    this.#fewest = leastBy(this.#rules, (alternative) => alternative.length);
    const heights = heightsOf(this.#rules);
    this.#lowest = leastBy(this.#rules, (alternative) => heightOf(alternative, heights));
  }

  /**
   * A text of the rule. After `budget` rules only the alternatives that need fewest others are taken, and some more rules
   * later those that end soonest.
   */
  expand(random: Random, rule: string, budget = 60): string {
    const left = { rules: budget };
    const expand = (name: string): string => {
      left.rules -= 1;
      const among = left.rules > 0 ? this.#rules : left.rules > -RULES_OVER_BUDGET ? this.#fewest : this.#lowest;
      const alternatives = among.get(name);
      if (alternatives === undefined) return this.#word(random, name);
      return random
        .pick(alternatives)
        .map((piece, index) => (index % 2 === 0 ? piece : expand(piece)))
        .join('');
    };
    return expand(rule);
  }

  #word(random: Random, rule: string): string {
    const word = this.#words(random, rule);
    if (word === undefined) throw new RangeError(`there is no rule ${rule}`);
    return word;
  }
}

function leastBy(rules: Alternatives, measure: (alternative: Alternative) => number): Alternatives {
  return new Map(
    [...rules].map(([name, alternatives]) => {
      const least = Math.min(...alternatives.map(measure));
      return [name, alternatives.filter((alternative) => measure(alternative) === least)];
    }),
  );
}

/** How many rules stand in each other, at least, until a text of the rule ends. Words end at once. */
function heightsOf(rules: Alternatives): ReadonlyMap<string, number> {
  const heights = new Map([...rules.keys()].map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    for (const [name, alternatives] of rules) {
      const height = 1 + Math.min(...alternatives.map((alternative) => heightOf(alternative, heights)));
      if (height === heights.get(name)) continue;
      heights.set(name, height);
      isSettled = false;
    }
  }
  return heights;
}

function heightOf(alternative: Alternative, heights: ReadonlyMap<string, number>): number {
  return Math.max(0, ...alternative.filter((_, index) => index % 2 === 1).map((rule) => heights.get(rule) ?? 0));
}
