import type { Json, JsonObject } from '../../../core/json.ts';
import type { CompileProblem, CompileResult, Reference } from '../../compiled.ts';
import { type JsonataBudget, JsonataGuard } from '../../jsonata-guard.ts';
import { memberOf } from '../../output-path.ts';
import { recordNumber } from '../../../core/record.ts';
import { showValue } from '../display/value-display.ts';
import type { LegacyEnvironment } from '../environment.ts';
import { joinTexts, toLegacyText } from '../value.ts';
import { metaListOf, moduleOfList } from './meta-list-name.ts';
import { metaValue } from './meta-value.ts';
import { scanTemplate } from './scan-template.ts';
import { showReferred, viewerOfRecord } from './shown-value.ts';
import type { TemplatePiece } from './template-piece.ts';

/** A template of the original, ready to be rendered any number of times. */
export interface LegacyTemplate {
  readonly text: string;
  /** Fields of the record, behind references too, the modules whose records it lists (`module`), and what its functions use. */
  readonly references: readonly Reference[];
  /**
   * The text for a record, or for `data` that stands in for one. Rejects with EXPRESSION_* where a function or a lookup
   * fails, or the text gets too long.
   */
  render(environment: LegacyEnvironment, options?: RenderOptions): Promise<string>;
}

export interface RenderOptions {
  /** Values that are no stored record: the array of a mapping, the context of a run without a record. */
  readonly data?: JsonObject;
  readonly budget?: JsonataBudget;
}

export interface TemplateOptions {
  /** True: a variable that is not known stays as it is written. Otherwise it is replaced by nothing. */
  readonly keepVariables?: boolean;
}

const MAX_TEXT_LENGTH = 1024 * 1024;

/**
 * Compiles a template of the original: `$field`, `$(ref : (Module) field)`, functions and `__VtigerMeta__` names. A
 * name that begins with a digit and is no field is an amount of money and stays: `$100`. Problems: TEMPLATE_SYNTAX, EXPRESSION_* of a
 * function; warnings: TEMPLATE_META_EMPTY, TEMPLATE_META_UNKNOWN, TEMPLATE_NOT_REPLACED.
 */
export function compileLegacyTemplate(text: string, options: TemplateOptions = {}): CompileResult<LegacyTemplate> {
  if (text.length > MAX_TEXT_LENGTH) return { ok: false, problem: tooLong() };
  const scanned = scanTemplate(text);
  if (!scanned.ok) return scanned;
  const { pieces, warnings } = scanned;
  const keep = options.keepVariables === true;
  return {
    ok: true,
    value: {
      text,
      references: pieces.flatMap(referencesOf),
      render: (environment, { data, budget = {} } = {}) =>
        render(pieces, { environment: onData(environment, data), keep, guard: new JsonataGuard(budget) }),
    },
    warnings,
  };
}

function tooLong(): CompileProblem {
  const message = `the template is longer than ${MAX_TEXT_LENGTH} characters`;
  return { code: 'EXPRESSION_TOO_LARGE', message, offset: MAX_TEXT_LENGTH, length: 1 };
}

interface Rendering {
  readonly environment: LegacyEnvironment;
  readonly keep: boolean;
  readonly guard: JsonataGuard;
}

/** The environment with the data in place of its record. */
function onData(environment: LegacyEnvironment, data: JsonObject | undefined): LegacyEnvironment {
  if (data === undefined) return environment;
  return { ...environment, record: data, recordId: undefined, field: (name) => memberOf(data, name) };
}

async function render(pieces: readonly TemplatePiece[], rendering: Rendering): Promise<string> {
  const texts: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    rendering.guard.checkTime();
    const text = piece.kind === 'text' ? piece.text : await valueOf(piece, rendering);
    length += text.length;
    rendering.guard.checkLength(length);
    texts.push(text);
  }
  return joinTexts(rendering.guard, texts, '');
}

async function valueOf(piece: Exclude<TemplatePiece, { kind: 'text' }>, rendering: Rendering): Promise<string> {
  const { environment, keep, guard } = rendering;
  switch (piece.kind) {
    case 'function':
      return toLegacyText(await piece.expression.evaluate(environment, { timeoutMs: guard.timeoutMs }));
    case 'meta':
      return metaValue(piece.name, environment);
    case 'referred':
      return (await showReferred(environment, piece)) ?? (keep ? piece.source : '');
    case 'path':
      return toLegacyText(walk(environment.record, piece.names) ?? (keep ? piece.source : ''));
    case 'variable':
      return (await variable(piece.name, environment)) ?? unknownVariable(piece, keep);
  }
}

function unknownVariable({ name, source }: { readonly name: string; readonly source: string }, keep: boolean): string {
  return keep || /^\d/u.test(name) ? source : '';
}

/** References and owners as they are stored, `11x746`. */
async function variable(name: string, environment: LegacyEnvironment): Promise<string | undefined> {
  const { record, recordId } = environment;
  const value = memberOf(record, name);
  if (value !== undefined) {
    const type = environment.fieldType(name);
    const stored = toLegacyText(value);
    return isShownAsStored(type) ? stored : showValue(stored, type, await viewerOfRecord(environment, record));
  }
  if (recordId === undefined) return undefined;
  if (name === 'id') return recordId;
  if (name === 'record_module') return environment.module;
  return name === 'recordid' || name === 'record_id' ? String(recordNumber(recordId) ?? '') : undefined;
}

function isShownAsStored(type: ReturnType<LegacyEnvironment['fieldType']>): boolean {
  return type === undefined || type === 'text' || type === 'reference' || type === 'owner';
}

function walk(start: JsonObject, names: readonly string[]): Json | undefined {
  let value: Json | undefined = start;
  for (const name of names) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}

/** Names that may be no field on purpose. */
const RECORD_NAMES: ReadonlySet<string> = new Set(['id', 'recordid', 'record_id', 'record_module']);

function referencesOf(piece: TemplatePiece): Reference[] {
  if (piece.kind === 'text' || piece.kind === 'path') return [];
  const { offset, source } = piece;
  const at = { offset, length: source.length };
  switch (piece.kind) {
    case 'meta': {
      const list = metaListOf(piece.name);
      return list === undefined ? [] : [{ root: 'module', path: [moduleOfList(list)], ...at }];
    }
    case 'variable':
      return RECORD_NAMES.has(piece.name) || /^\d/u.test(piece.name)
        ? []
        : [{ root: 'record', path: [piece.name], ...at }];
    case 'referred':
      return [{ root: 'record', path: [piece.reference, piece.field], ...at }];
    case 'function': {
      const start = offset + FUNCTION_START.length;
      return piece.expression.references.map((one) => ({ ...one, offset: start + one.offset }));
    }
  }
}

const FUNCTION_START = '$(general : (__WorkflowFunction__) ';
