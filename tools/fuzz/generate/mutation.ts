import { HOSTILE_TEXTS } from './hostile-text.ts';
import type { Random } from './random.ts';

/** What texts of one language are mutated with. */
export interface MutationMaterial {
  /** Real texts of the language. */
  readonly texts: readonly string[];
  /** Words that mean something in it. */
  readonly words: readonly string[];
  /** What opens and closes a nesting: `['(', ')']`. */
  readonly brackets: readonly (readonly [open: string, close: string])[];
}

type Mutate = (random: Random, tokens: string[], mutator: Mutator) => void;

const LARGE_LENGTH = 200_000;
const HUGE_LENGTH = 3_000_000;
const ONE_IN_LARGE = 4_000;
const ONE_IN_HUGE = 100_000;

const CHANGES = [
  [4, 1],
  [2, 2],
  [1, 4],
] as const;

/** Makes real texts wrong in small ways, and rarely in large ones. */
export class Mutator {
  readonly material: MutationMaterial;
  readonly #tokens: readonly (readonly string[])[];

  constructor(material: MutationMaterial) {
    this.material = material;
    this.#tokens = material.texts.map(tokensOf);
  }

  /** A real text with one to four changes. */
  mutated(random: Random): string {
    const tokens = [...this.tokens(random)];
    for (let changes = random.weighted(CHANGES); changes > 0; changes--)
      random.weighted(MUTATIONS)(random, tokens, this);
    return strangelyEncoded(random, tokens.join(''));
  }

  /** A given text with one or two changes. */
  mutate(random: Random, text: string): string {
    const tokens = tokensOf(text);
    for (let changes = random.between(1, 2); changes > 0; changes--) random.weighted(MUTATIONS)(random, tokens, this);
    return tokens.join('');
  }

  /** The tokens of one of the real texts. */
  tokens(random: Random): readonly string[] {
    return random.pick(this.#tokens);
  }
}

const MUTATIONS: readonly (readonly [weight: number, mutate: Mutate])[] = [
  [3, remove],
  [3, repeat],
  [3, swap],
  [3, replaceToken],
  [2, splice],
  [2, insertHostile],
  [2, flipBit],
  [1, nest],
  [1, grow],
];

function tokensOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** A stretch of at most `longest` tokens. */
function stretch(random: Random, tokens: readonly string[], longest: number): readonly [start: number, count: number] {
  const start = random.below(tokens.length + 1);
  return [start, random.between(1, Math.min(longest, Math.max(1, tokens.length - start)))];
}

function remove(random: Random, tokens: string[]): void {
  tokens.splice(...stretch(random, tokens, 12));
}

function repeat(random: Random, tokens: string[]): void {
  const [start, count] = stretch(random, tokens, 30);
  const piece = tokens.slice(start, start + count);
  for (let times = random.between(1, 3); times > 0; times--) tokens.splice(start, 0, ...piece);
}

function swap(random: Random, tokens: string[]): void {
  const [one, other] = [random.below(tokens.length), random.below(tokens.length)];
  const [first, second] = [tokens[one], tokens[other]];
  if (first === undefined || second === undefined) return;
  tokens[one] = second;
  tokens[other] = first;
}

function replaceToken(random: Random, tokens: string[], { material }: Mutator): void {
  const at = random.below(tokens.length + 1);
  tokens.splice(at, 1, random.oneIn(4) ? random.pick(HOSTILE_TEXTS) : random.pick(material.words));
}

function splice(random: Random, tokens: string[], mutator: Mutator): void {
  const other = mutator.tokens(random);
  const [from, count] = stretch(random, other, 60);
  const [start, dropped] = stretch(random, tokens, 20);
  tokens.splice(start, dropped, ...other.slice(from, from + count));
}

function insertHostile(random: Random, tokens: string[]): void {
  tokens.splice(random.below(tokens.length + 1), 0, random.pick(HOSTILE_TEXTS));
}

function flipBit(random: Random, tokens: string[]): void {
  const at = random.below(tokens.length);
  const token = tokens[at];
  if (token === undefined || token === '') return;
  const place = random.below(token.length);
  const flipped = token.charCodeAt(place) ^ (1 << random.below(random.oneIn(4) ? 16 : 7));
  tokens[at] = token.slice(0, place) + String.fromCharCode(flipped) + token.slice(place + 1);
}

function nest(random: Random, tokens: string[], { material }: Mutator): void {
  const [open, close] = random.pick(material.brackets);
  const [start, count] = stretch(random, tokens, 30);
  const deep = random.oneIn(ONE_IN_LARGE / 20) ? random.between(1_000, 60_000) : random.between(1, 40);
  tokens.splice(start + count, 0, random.oneIn(5) ? '' : close.repeat(deep));
  tokens.splice(start, 0, open.repeat(deep));
}

function grow(random: Random, tokens: string[]): void {
  const [start, count] = stretch(random, tokens, 8);
  const piece = tokens.slice(start, start + count).join('');
  if (piece === '') return;
  const length = random.oneIn(ONE_IN_HUGE / 18) ? HUGE_LENGTH : random.oneIn(ONE_IN_LARGE / 18) ? LARGE_LENGTH : 2_000;
  tokens.splice(start, 0, piece.repeat(Math.ceil(random.below(length) / piece.length)));
}

/** Rarely a byte order mark before the text, a NUL in it, or the text as bytes that were read in the wrong encoding. */
function strangelyEncoded(random: Random, text: string): string {
  if (!random.oneIn(60)) return text;
  switch (random.below(4)) {
    case 0:
      return `\u{FEFF}${text}`;
    case 1:
      return [...text].join('\u0000');
    case 2:
      return Buffer.from(text, 'utf8').toString('latin1');
    default:
      return Buffer.from(text, 'utf16le').toString('utf8');
  }
}
