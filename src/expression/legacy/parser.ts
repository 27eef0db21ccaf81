import type { CompileProblem } from '../compiled.ts';
import type { Token } from './token.ts';
import type { LegacyNode, LegacyOperator } from './tree.ts';

/** What parsing gives: the tree and the first token after it, which the language leaves out of account; or the problem. */
export type Parsed =
  | { readonly ok: true; readonly tree: LegacyNode; readonly ignoredFrom: Token | undefined }
  | { readonly ok: false; readonly problem: CompileProblem };

/** How deeply expressions may stand in each other. */
const MAX_DEPTH = 500;

/** From the tightest; the right operand of each is a whole expression. */
const LEVELS: readonly (readonly LegacyOperator[])[] = [
  ['*', '/'],
  ['+', '-'],
  ['==', '>=', '<=', '>', '<', '!='],
];

/** Parses tokens into the tree the language really builds: the right operand takes all that follows. */
export function parseTokens(tokens: readonly Token[], textLength: number): Parsed {
  const parser = new Parser(tokens, textLength);
  try {
    const tree = parser.expression();
    return { ok: true, tree, ignoredFrom: parser.peek() };
  } catch (thrown) {
    if (thrown instanceof SyntaxFailure) return { ok: false, problem: thrown.problem };
    throw thrown;
  }
}

class SyntaxFailure extends Error {
  readonly problem: CompileProblem;

  constructor(problem: CompileProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #textLength: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], textLength: number) {
    this.#tokens = tokens;
    this.#textLength = textLength;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  expression(): LegacyNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      this.#fail('EXPRESSION_TOO_LARGE', `more than ${MAX_DEPTH} expressions stand in each other`);
    const node = this.#takeWord('if') ? this.#choice() : this.#startsCall() ? this.#callExpression() : this.#binary();
    this.#depth -= 1;
    return node;
  }

  #choice(): LegacyNode {
    const cases: { when: LegacyNode; then: LegacyNode }[] = [];
    // A chain of `else if` has one `end`.
    do {
      const when = this.expression();
      this.#expectWord('then');
      cases.push({ when, then: this.expression() });
      this.#expectWord('else');
    } while (this.#takeWord('if'));
    const otherwise = this.expression();
    this.#expectWord('end');
    return { kind: 'choice', cases, otherwise };
  }

  #callExpression(): LegacyNode {
    const call = this.#atom();
    const operator = this.#takeOperator(LEVELS.flat());
    return operator === undefined ? call : this.#binaryNode(operator, call);
  }

  #binary(): LegacyNode {
    let left = this.#unary();
    for (const level of LEVELS) {
      const operator = this.#takeOperator(level);
      if (operator !== undefined) left = this.#binaryNode(operator, left);
    }
    return left;
  }

  #binaryNode(token: Token & { readonly kind: 'operator' }, left: LegacyNode): LegacyNode {
    const start = this.peek();
    const right = this.expression();
    return {
      kind: 'binary',
      operator: toOperator(token.text),
      left,
      right,
      offset: token.offset,
      length: token.length,
      rightBracketed: isBracket(start, '('),
    };
  }

  #unary(): LegacyNode {
    const signs: (Token & { readonly kind: 'operator' })[] = [];
    for (let token = this.#takeOperator(['+', '-']); token !== undefined; token = this.#takeOperator(['+', '-'])) {
      signs.push(token);
      if (signs.length > MAX_DEPTH) this.#fail('EXPRESSION_TOO_LARGE', `more than ${MAX_DEPTH} signs stand in a row`);
    }
    return signs.reduceRight(
      (operand: LegacyNode, { text, offset, length }) => ({
        kind: 'unary',
        operator: text === '-' ? '-' : '+',
        operand,
        offset,
        length,
      }),
      this.#atom(),
    );
  }

  #atom(): LegacyNode {
    const token = this.peek();
    const call = this.#startsCall();
    this.#at += 1;
    if (token?.kind === 'symbol' || token?.kind === 'related') {
      if (token.kind === 'symbol' && call) return this.#call(token.name, token);
      if (isBracket(this.peek(), '('))
        this.#fail('EXPRESSION_SYNTAX', 'what stands before this bracket is no function');
      return { ...token };
    }
    if (token?.kind === 'string' || token?.kind === 'number') return { kind: 'literal', value: token.value };
    if (isBracket(token, '(')) {
      const inner = this.expression();
      this.#expectBracket(')');
      return inner;
    }
    this.#at -= 1;
    return this.#fail(
      'EXPRESSION_SYNTAX',
      token === undefined ? 'the expression ends too early' : 'a value is expected here',
    );
  }

  #call(name: string, at: Token): LegacyNode {
    this.#expectBracket('(');
    const values: LegacyNode[] = [];
    if (!isBracket(this.peek(), ')')) {
      do values.push(this.expression());
      while (this.#takeBracket(','));
    }
    this.#expectBracket(')');
    return { kind: 'call', name, arguments: values, offset: at.offset, length: at.length };
  }

  #startsCall(): boolean {
    const token = this.peek();
    return token?.kind === 'symbol' && !token.quoted && isBracket(this.peek(1), '(');
  }

  #takeOperator(operators: readonly LegacyOperator[]): (Token & { readonly kind: 'operator' }) | undefined {
    const token = this.peek();
    if (token?.kind !== 'operator' || !operators.some((operator) => operator === token.text)) return undefined;
    this.#at += 1;
    return { ...token, kind: 'operator' };
  }

  #takeWord(word: string): boolean {
    const token = this.peek();
    const matches = token?.kind === 'symbol' && !token.quoted && token.name === word;
    if (matches) this.#at += 1;
    return matches;
  }

  #expectWord(word: string): void {
    if (!this.#takeWord(word)) this.#fail('EXPRESSION_SYNTAX', `"${word}" is expected here`);
  }

  #takeBracket(text: string): boolean {
    const matches = isBracket(this.peek(), text);
    if (matches) this.#at += 1;
    return matches;
  }

  #expectBracket(text: string): void {
    if (!this.#takeBracket(text)) this.#fail('EXPRESSION_SYNTAX', `"${text}" is expected here`);
  }

  #fail(code: string, message: string): never {
    const token = this.peek();
    throw new SyntaxFailure({ code, message, offset: token?.offset ?? this.#textLength, length: token?.length ?? 0 });
  }
}

function isBracket(token: Token | undefined, text: string): boolean {
  return token?.kind === 'bracket' && token.text === text;
}

function toOperator(text: string): LegacyOperator {
  return LEVELS.flat().find((operator) => operator === text) ?? '==';
}
