import { MapwrightError } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { didYouMean } from '../core/suggestion.ts';
import { type CompileProblem, type CompileResult, type Reference, shownName } from './compiled.ts';
import type { Environment, ResponseEnvironment, TemplateEnvironment } from './environment.ts';
import type { Escape } from './escape.ts';
import { compileJsonata } from './jsonata.ts';
import { DEFAULT_TIMEOUT_MS, type JsonataBudget, MAX_RESULT_SIZE, tooLarge } from './jsonata-guard.ts';
import { EXPRESSION_ROOTS } from './jsonata-references.ts';
import { memberOf } from './output-path.ts';
import { toPlainText } from './plain-text.ts';
import { scanTemplate, type TemplatePart } from './template-scanner.ts';

/**
 * Where a template stands. `text`: anything may be put in. `path`: a URL's path and query; before the first `?` nothing put
 * in may be empty. `origin`: the start of a URL, where only `{setting.x}` may be put in (no host comes from data).
 */
export type TemplateKind = 'text' | 'path' | 'origin';

/** A text with placeholders, ready to be filled any number of times. */
export interface Template {
  readonly text: string;
  /** What it reads; root `parameter` for `{name}`. */
  readonly references: readonly Reference[];
  /** True when nothing is put in. */
  readonly isLiteral: boolean;
  /**
   * The text with every placeholder's value put in, escaped for its place. Rejects with PARAMETER_SOURCE_MISSING for a name
   * that has no value, PARAMETER_EMPTY for an empty part of a path, and with what JSONata and `escape` fail with. All
   * expressions together take no more time than the budget gives, and build no more text than one may.
   */
  evaluate(environment: TemplateEnvironment, escape: Escape, budget?: JsonataBudget): Promise<string>;
}

/** What the pieces of one filling share. */
interface Filling {
  readonly environment: TemplateEnvironment;
  readonly escape: Escape;
  /** What is left of the time. */
  readonly budget: () => JsonataBudget;
}

type Piece = (filling: Filling) => string | Promise<string>;

interface CompiledPart {
  readonly piece: Piece;
  readonly references: readonly Reference[];
  readonly warnings: readonly CompileProblem[];
}

type PartResult = CompiledPart | { readonly problem: CompileProblem };

const MAX_EXPRESSIONS = 1000;
const TEMPLATE_ROOTS: readonly string[] = [...EXPRESSION_ROOTS, 'secret', 'step'];

/** Compiles a native template. Problems: TEMPLATE_SYNTAX, TEMPLATE_UNKNOWN_NAME, TEMPLATE_ORIGIN, and those of JSONata. */
export function compileTemplate(
  text: string,
  { kind }: { readonly kind: TemplateKind } = { kind: 'text' },
): CompileResult<Template> {
  const parts = scanTemplate(text);
  const crowded = crowdedProblem(parts);
  if (crowded !== undefined) return { ok: false, problem: crowded };
  const compiled: CompiledPart[] = [];
  let inPath = kind === 'path';
  for (const part of parts) {
    const result = part.kind === 'text' ? literalPart(part.text) : compilePart(part, kind, inPath);
    if ('problem' in result) return { ok: false, problem: result.problem };
    if (part.kind === 'text' && part.text.includes('?')) inPath = false;
    compiled.push(result);
  }
  const template: Template = {
    text,
    references: compiled.flatMap((part) => part.references),
    isLiteral: parts.every((part) => part.kind === 'text'),
    async evaluate(environment, escape, budget = {}) {
      const timeoutMs = budget.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      let end: number | undefined;
      const left = (): JsonataBudget => {
        end ??= performance.now() + timeoutMs;
        const leftMs = end - performance.now();
        if (leftMs > 0) return { ...budget, timeoutMs: Math.ceil(leftMs) };
        throw new MapwrightError('EXPRESSION_TIMEOUT', `the template's expressions took longer than ${timeoutMs} ms`);
      };
      const filling: Filling = { environment, escape, budget: left };
      let filled = '';
      for (const { piece } of compiled) {
        const text = piece(filling);
        // Names are known at once; waiting for each would cost more than reading it.
        filled += typeof text === 'string' ? text : await text;
        if (filled.length > MAX_RESULT_SIZE) throw tooLarge(`it fills a template with ${filled.length} characters`);
      }
      return filled;
    },
  };
  return { ok: true, value: template, warnings: compiled.flatMap((part) => part.warnings) };
}

/** Each expression is compiled on its own, which takes its time. */
function crowdedProblem(parts: readonly TemplatePart[]): CompileProblem | undefined {
  const expressions = parts.filter((part) => part.kind === 'jsonata');
  const tooMany = expressions[MAX_EXPRESSIONS];
  if (tooMany === undefined) return undefined;
  const message = `a template holds at most ${MAX_EXPRESSIONS} expressions`;
  return { code: 'EXPRESSION_TOO_LARGE', message, offset: tooMany.offset, length: tooMany.text.length };
}

function literalPart(text: string): CompiledPart {
  return { piece: () => text, references: [], warnings: [] };
}

function compilePart(part: Exclude<TemplatePart, { kind: 'text' }>, kind: TemplateKind, inPath: boolean): PartResult {
  if (part.kind === 'unclosed') {
    const message = 'this {= has no closing }';
    return { problem: { code: 'TEMPLATE_SYNTAX', message, offset: part.offset, length: 2 } };
  }
  if (kind === 'origin' && !(part.kind === 'name' && part.name.startsWith('setting.')))
    return { problem: originProblem(part) };
  const result = part.kind === 'name' ? compileName(part.name, part.offset) : compileExpression(part);
  return inPath && !('problem' in result) ? { ...result, piece: refuseEmpty(result.piece, part) } : result;
}

function originProblem(part: { readonly offset: number; readonly kind: 'name' | 'jsonata' }): CompileProblem {
  return {
    code: 'TEMPLATE_ORIGIN',
    message: 'only literal text and {setting.x} may say which host is called',
    offset: part.offset,
    length: 1,
  };
}

function refuseEmpty(
  piece: Piece,
  part: { readonly kind: 'name' | 'jsonata' } & Partial<Record<'name' | 'text', string>>,
): Piece {
  return async (filling) => {
    const value = await piece(filling);
    if (value === '')
      throw new MapwrightError(
        'PARAMETER_EMPTY',
        `{${part.name ?? `=${part.text ?? ''}`}} is empty, and it is a part of the path`,
      );
    return value;
  };
}

function compileExpression(part: {
  readonly text: string;
  readonly raw: boolean;
  readonly offset: number;
}): PartResult {
  const compiled = compileJsonata(part.text);
  if (!compiled.ok) return { problem: { ...compiled.problem, offset: compiled.problem.offset + part.offset } };
  const expression = compiled.value;
  const piece: Piece = async ({ environment, escape, budget }) => {
    const value = toPlainText(await expression.evaluate(environment.values, environment.ambience, budget()));
    environment.derived?.(expression.references, value);
    return part.raw ? value : escape(value);
  };
  const references = expression.references.map((reference) => ({
    ...reference,
    offset: reference.offset + part.offset,
  }));
  return { piece, references, warnings: part.raw ? [rawWarning(part)] : [] };
}

function rawWarning(part: { readonly offset: number; readonly text: string }): CompileProblem {
  return {
    code: 'TEMPLATE_RAW',
    message: 'this value is put in without escaping',
    hint: 'write {= ... } unless the value is already encoded for its place',
    offset: part.offset,
    length: part.text.length,
  };
}

function compileName(name: string, offset: number): PartResult {
  const segments = name.split('.');
  const [root = '', ...path] = segments;
  if (segments.includes('')) {
    const message = `{${shownName(name)}} has a dot with nothing on one side`;
    return { problem: { code: 'TEMPLATE_SYNTAX', message, offset, length: name.length } };
  }
  if (path.length === 0 && root !== 'item') {
    const reference = { root: 'parameter', path: [root], offset, length: name.length };
    return { piece: filler(name, (environment) => environment.parameter(root)), references: [reference], warnings: [] };
  }
  if (!TEMPLATE_ROOTS.includes(root)) return { problem: unknownRoot(root, name, offset) };
  const reference = { root, path, offset, length: name.length };
  return {
    piece: filler(name, lookUp(root, path)),
    references: [reference],
    warnings: [],
  };
}

function unknownRoot(root: string, name: string, offset: number): CompileProblem {
  return {
    code: 'TEMPLATE_UNKNOWN_NAME',
    message: `{${shownName(name)}} starts with "${shownName(root)}", which is not known`,
    hint:
      didYouMean(root, TEMPLATE_ROOTS) ??
      `a placeholder starts with one of: ${TEMPLATE_ROOTS.join(', ')}; {{ writes one {`,
    offset,
    length: root.length,
  };
}

function filler(name: string, find: (environment: TemplateEnvironment) => Json | undefined): Piece {
  return ({ environment, escape }) => {
    const value = find(environment);
    if (value !== undefined) return escape(toPlainText(value));
    throw new MapwrightError('PARAMETER_SOURCE_MISSING', `there is no value for {${shownName(name)}}`, {
      hint: 'check the name, or give the parameter a default',
    });
  };
}

function lookUp(root: string, path: readonly string[]): (environment: TemplateEnvironment) => Json | undefined {
  const dotted = path.join('.');
  if (root === 'secret') return (environment) => environment.secret(dotted);
  if (root === 'step') return (environment) => walk(environment.step, path);
  const start = ROOT_VALUES.get(root);
  if (root !== 'record' || path.length < 2) return ({ values }) => walk(start?.(values), path);
  return ({ values, related }) => (Object.hasOwn(related, dotted) ? related[dotted] : walk(values.record, path));
}

const ROOT_VALUES: ReadonlyMap<string, (values: Environment) => Json | undefined> = new Map([
  ['record', ({ record }) => record],
  ['previous', ({ previous }) => previous],
  ['changed', ({ changed }) => changed],
  ['context', ({ context }) => context],
  ['input', ({ input }) => input],
  ['user', ({ user }) => user],
  ['run', ({ run }) => run],
  ['setting', ({ setting }) => setting],
  ['answer', ({ answer }) => answer],
  ['response', ({ response }) => response && responseValue(response)],
  ['item', ({ item }) => item],
]);

function responseValue(response: ResponseEnvironment): JsonObject {
  const { body, ...rest } = response;
  return body === undefined ? rest : { ...rest, body };
}

function walk(start: Json | undefined, path: readonly string[]): Json | undefined {
  let value = start;
  for (const name of path) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}
