import type { Environment } from './environment.ts';
import { isNode, type SyntaxNode } from './jsonata-node.ts';

/** The value; undefined when only the whole evaluation can tell. `value` is undefined when there is none. */
export type Shortcut = (environment: Environment) => { readonly value: Scalar | undefined } | undefined;

type Scalar = string | number | boolean | null;
type Reading = ReturnType<Shortcut>;

/**
 * Most expressions are a plain path, or compare one with a literal: `response.body.success = true`. Those are read
 * directly, as long as nothing on the way is a list, whose members JSONata would go through. Undefined for all others.
 */
export function shortcutOf(tree: SyntaxNode): Shortcut | undefined {
  const operator = tree['value'];
  if (tree['type'] !== 'binary' || (operator !== '=' && operator !== '!=')) return operandOf(tree);
  const left = isNode(tree['lhs']) ? operandOf(tree['lhs']) : undefined;
  const right = isNode(tree['rhs']) ? operandOf(tree['rhs']) : undefined;
  if (left === undefined || right === undefined) return undefined;
  return (environment) => {
    const [a, b] = [left(environment), right(environment)];
    if (a === undefined || b === undefined) return undefined;
    // What is not there equals nothing, and differs from nothing either.
    if (a.value === undefined || b.value === undefined) return { value: false };
    return { value: (a.value === b.value) === (operator === '=') };
  };
}

function operandOf(node: SyntaxNode): Shortcut | undefined {
  const { type, value } = node;
  if ((type === 'value' || type === 'string' || type === 'number') && isScalar(value)) return () => ({ value });
  const names = type === 'path' && isPlain(node, ['type', 'steps']) ? namesOf(node['steps']) : undefined;
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
