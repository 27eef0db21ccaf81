import type { Environment } from './environment.ts';
import { isNode, type SyntaxNode } from './jsonata-node.ts';

/** The value; undefined when only the whole evaluation can tell. `value` is undefined when there is none. */
export type Shortcut = (environment: Environment) => { readonly value: Scalar | undefined } | undefined;

type Scalar = string | number | boolean | null;
type Reading = ReturnType<Shortcut>;

/** Deeper ones are left to JSONata, which knows how deep it may go. */
const MAX_DEPTH = 32;

/** A longer text is left to JSONata, which counts what it joins. */
const MAX_JOINED = 10_000;

/**
 * Most expressions are a plain path, or compare such with literals: `response.body.success = true and record.price > 5`.
 * Those are read directly, as long as nothing on the way is a list, whose members JSONata would go through, and nothing is
 * compared that JSONata would refuse. Undefined for all others.
 */
export function shortcutOf(tree: SyntaxNode, depth: number = 0): Shortcut | undefined {
  if (depth > MAX_DEPTH) return undefined;
  switch (tree['type']) {
    case 'path':
      return pathOf(tree);
    case 'value':
    case 'string':
    case 'number':
      return literalOf(tree);
    case 'binary':
      return binaryOf(tree, depth);
    case 'condition':
      return conditionOf(tree, depth);
    case 'block':
      return bracketOf(tree, depth);
    case 'function':
      return callOf(tree, depth);
    default:
      return undefined;
  }
}

function below(member: unknown, depth: number): Shortcut | undefined {
  return isNode(member) ? shortcutOf(member, depth + 1) : undefined;
}

function literalOf(node: SyntaxNode): Shortcut | undefined {
  const { value } = node;
  if (!isScalar(value) || !isPlain(node, ['type', 'value', 'position'])) return undefined;
  const reading = { value };
  return () => reading;
}

function pathOf(node: SyntaxNode): Shortcut | undefined {
  const names = isPlain(node, ['type', 'steps']) ? namesOf(node['steps']) : undefined;
  return names && ((environment) => read(environment, names));
}

/** The names of a path that has nothing else; undefined for any other path. */
function namesOf(steps: unknown): readonly string[] | undefined {
  if (!Array.isArray(steps)) return undefined;
  const names: string[] = [];
  for (const step of steps) {
    if (!isNode(step) || step['type'] !== 'name' || typeof step['value'] !== 'string') return undefined;
    if (!isPlain(step, ['type', 'value', 'position'])) return undefined;
    names.push(step['value']);
  }
  return names;
}

function binaryOf(node: SyntaxNode, depth: number): Shortcut | undefined {
  if (!isPlain(node, ['type', 'value', 'position', 'lhs', 'rhs'])) return undefined;
  const operator = node['value'];
  const left = below(node['lhs'], depth);
  const right = below(node['rhs'], depth);
  if (left === undefined || right === undefined || typeof operator !== 'string') return undefined;
  if (operator === 'and' || operator === 'or') return logical(operator, left, right);
  const operation = OPERATIONS.get(operator);
  if (operation === undefined) return undefined;
  return (environment) => {
    const a = left(environment);
    const b = a && right(environment);
    return a && b && operation(a.value, b.value);
  };
}

/** As in JSONata, the second is not looked at where the first decides. */
function logical(operator: 'and' | 'or', left: Shortcut, right: Shortcut): Shortcut {
  return (environment) => {
    const first = left(environment);
    if (first === undefined) return undefined;
    if (isTruthy(first.value) === (operator === 'or')) return truth(operator === 'or');
    const second = right(environment);
    return second && truth(isTruthy(second.value));
  };
}

function conditionOf(node: SyntaxNode, depth: number): Shortcut | undefined {
  if (!isPlain(node, ['type', 'position', 'condition', 'then', 'else'])) return undefined;
  const condition = below(node['condition'], depth);
  const then = below(node['then'], depth);
  const otherwise = node['else'] === undefined ? () => ({ value: undefined }) : below(node['else'], depth);
  if (condition === undefined || then === undefined || otherwise === undefined) return undefined;
  return (environment) => {
    const judged = condition(environment);
    return judged && (isTruthy(judged.value) ? then(environment) : otherwise(environment));
  };
}

/** Brackets around one expression. */
function bracketOf(node: SyntaxNode, depth: number): Shortcut | undefined {
  const { expressions } = node;
  if (!isPlain(node, ['type', 'position', 'expressions']) || !Array.isArray(expressions)) return undefined;
  return expressions.length === 1 ? below(expressions[0], depth) : undefined;
}

/** `$exists(...)` and `$not(...)`: no name can be given a meaning of its own where these may stand. */
function callOf(node: SyntaxNode, depth: number): Shortcut | undefined {
  const { procedure, arguments: given } = node;
  // JSONata puts an empty `name` into every call.
  if (!isPlain(node, ['type', 'name', 'value', 'position', 'arguments', 'procedure'])) return undefined;
  if (!isNode(procedure) || procedure['type'] !== 'variable' || !Array.isArray(given)) return undefined;
  const argument = given.length === 1 ? below(given[0], depth) : undefined;
  const call = CALLS.get(String(procedure['value']));
  if (argument === undefined || call === undefined) return undefined;
  return (environment) => {
    const reading = argument(environment);
    return reading && call(reading.value);
  };
}

type Operation = (a: Scalar | undefined, b: Scalar | undefined) => Reading;

const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  // What is not there equals nothing, and differs from nothing either.
  ['=', (a, b) => truth(a !== undefined && b !== undefined && a === b)],
  ['!=', (a, b) => truth(a !== undefined && b !== undefined && a !== b)],
  ['<', ordering((a, b) => a < b)],
  ['<=', ordering((a, b) => a <= b)],
  ['>', ordering((a, b) => a > b)],
  ['>=', ordering((a, b) => a >= b)],
  ['&', joined],
]);

const CALLS: ReadonlyMap<string, (value: Scalar | undefined) => Reading> = new Map([
  ['exists', (value) => truth(value !== undefined)],
  ['not', (value) => (value === undefined ? undefined : truth(!isTruthy(value)))],
]);

/** Two numbers or two texts; JSONata refuses anything else in words of its own. */
function ordering(holds: <T extends number | string>(a: T, b: T) => boolean): Operation {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return truth(holds(a, b));
    return typeof a === 'string' && typeof b === 'string' ? truth(holds(a, b)) : undefined;
  };
}

function joined(a: Scalar | undefined, b: Scalar | undefined): Reading {
  const first = a === undefined ? '' : a;
  const second = b === undefined ? '' : b;
  if (typeof first !== 'string' || typeof second !== 'string') return undefined;
  return first.length + second.length > MAX_JOINED ? undefined : { value: first + second };
}

const TRUE = { value: true };
const FALSE = { value: false };

function truth(holds: boolean): Reading {
  return holds ? TRUE : FALSE;
}

/** As `$boolean` has it, which for these values is as JavaScript has it. */
function isTruthy(value: Scalar | undefined): boolean {
  return Boolean(value);
}

/** Predicates, groupings and the like are further members of a node. */
function isPlain(node: SyntaxNode, members: readonly string[]): boolean {
  return Object.keys(node).every((name) => members.includes(name));
}

function read(environment: Environment, names: readonly string[]): Reading {
  let value: unknown = environment;
  for (const name of names) {
    if (typeof value !== 'object' || value === null) return isScalar(value) ? { value: undefined } : undefined;
    if (Array.isArray(value)) return undefined;
    if (Object.hasOwn(value, name)) value = Reflect.get(value, name);
    // What an object inherits is left to JSONata to hide.
    else if (name in value) return undefined;
    else return { value: undefined };
    if (value === undefined) return { value: undefined };
  }
  return isScalar(value) ? { value } : undefined;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
