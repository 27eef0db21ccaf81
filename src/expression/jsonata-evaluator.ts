import jsonata from 'jsonata';
import type { Json } from '../core/json.ts';
import { AmbientRandom } from './ambient-random.ts';
import { regexEngine } from './bounded-regex.ts';
import type { Ambience, Environment } from './environment.ts';
import { evaluationError } from './jsonata-error.ts';
import { type FunctionScope, registerFunctions } from './jsonata-functions.ts';
import { type JsonataBudget, JsonataGuard } from './jsonata-guard.ts';
import { isNode, type SyntaxNode } from './jsonata-node.ts';
import { detach } from './jsonata-result.ts';

/** JSONata calls what is bound to this symbol after each node, with the node and its result. */
const AFTER_NODE = Symbol.for('jsonata.__evaluate_exit');

/**
 * One compiled expression. Its limits, functions and clock are those of the evaluation in progress, so it runs one
 * evaluation at a time; the caller sees to that.
 */
export class JsonataEvaluator {
  readonly tree: SyntaxNode;
  readonly #expression: jsonata.Expression;
  readonly #limits: { timeout: number; stack: number; sequence: number };
  #scope: FunctionScope | undefined;

  /** Throws what JSONata's parser throws. */
  constructor(text: string) {
    const scope = (): FunctionScope => this.#running();
    const engine = regexEngine(() => this.#running().guard);
    this.#limits = { timeout: 0, stack: 0, sequence: 0 };
    // JSONata only ever calls `new` and `exec`, and reads its options anew with each evaluation.
    const options = Object.assign(this.#limits, { RegexEngine: engine as unknown as RegExpConstructor });
    this.#expression = jsonata(text, options);
    const tree: unknown = this.#expression.ast();
    this.tree = isNode(tree) ? tree : {};
    registerFunctions(this.#expression, scope);
    const afterNode = (node: unknown, _input: unknown, _frame: unknown, result: unknown): void =>
      admitResult(this.#running().guard, node, result);
    Reflect.apply(this.#expression.assign, this.#expression, [AFTER_NODE, afterNode]);
  }

  /** Evaluates within the budget; rejects with EXPRESSION_FAILED, _TIMEOUT or _TOO_LARGE. */
  async run(environment: Environment, ambience: Ambience, budget: JsonataBudget): Promise<Json | undefined> {
    const guard = new JsonataGuard(budget);
    this.#scope = { guard, ambience, random: new AmbientRandom(ambience.seed) };
    this.#limits.timeout = guard.timeoutMs;
    this.#limits.stack = guard.maxDepth;
    this.#limits.sequence = guard.maxSequence;
    try {
      return detach(await this.#expression.evaluate(environment), guard);
    } catch (thrown) {
      throw evaluationError(thrown);
    } finally {
      this.#scope = undefined;
    }
  }

  #running(): FunctionScope {
    if (this.#scope === undefined) throw new RangeError('the evaluation is over');
    return this.#scope;
  }
}

const BUILDING_NODES = new Set(['binary', 'unary', 'function', 'apply', 'transform', 'path']);

/** Accounts for what a node has built; what it merely found in the environment is there already. */
function admitResult(guard: JsonataGuard, node: unknown, result: unknown): void {
  if (!isNode(node) || (typeof result !== 'string' && typeof result !== 'object') || result === null) return;
  const type = node['type'];
  if (typeof type !== 'string' || !BUILDING_NODES.has(type)) return;
  if (type === 'binary' && typeof result === 'string') guard.admitJoined(result);
  else if (type !== 'path' || (Array.isArray(result) && result.length > 1)) guard.admit(result);
}
