import type { Random } from './random.ts';

/** By a rule's name its alternatives; `«rule»` in one stands for a text of that rule. */
export type Rules = Readonly<Record<string, readonly string[]>>;

/** Pieces at even places are text, at odd places the names of rules. */
type Alternative = readonly string[];

/** Makes texts that follow rules, so that most of them mean something. */
export class Grammar {
  readonly #rules = new Map<string, readonly Alternative[]>();
  readonly #final = new Map<string, readonly Alternative[]>();
  readonly #words: (random: Random, rule: string) => string | undefined;

  /** @param words gives the text of a rule that is not among `rules`; undefined for one it does not know */
  constructor(rules: Rules, words: (random: Random, rule: string) => string | undefined = () => undefined) {
    this.#words = words;
    for (const [name, texts] of Object.entries(rules)) {
      const alternatives = texts.map((text) => text.split(/[«»]/u));
      this.#rules.set(name, alternatives);
      const fewest = Math.min(...alternatives.map((alternative) => alternative.length));
      this.#final.set(
        name,
        alternatives.filter((alternative) => alternative.length === fewest),
      );
    }
  }

  /** A text of the rule. After `budget` rules only the alternatives that need fewest others are taken. */
  expand(random: Random, rule: string, budget = 60): string {
    const left = { rules: budget };
    const expand = (name: string): string => {
      left.rules -= 1;
      const alternatives = (left.rules > 0 ? this.#rules : this.#final).get(name);
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
