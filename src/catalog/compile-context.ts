import { DOCUMENT_START, type Diagnostic, type Located, type Range, type SourceText } from '../core/diagnostic.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { WebserviceMap } from '../document/map.ts';
import { type CompileProblem, type CompileResult, shownName } from '../expression/compiled.ts';
import type { Descriptions } from './compile-description.ts';
import type { CompiledTexts } from './compiled-texts.ts';
import type { NameUses } from './name-uses.ts';
import type { ProblemLog } from './problem-log.ts';

/** Problems found while compiling, and the documents that names are looked up in. */
export interface CompileContext {
  readonly problems: ProblemLog;
  readonly texts: CompiledTexts;
  readonly modules: ReadonlyMap<string, ModuleDefinition>;
  /** WSDLs that lie beside the documents. */
  readonly descriptions: Descriptions;
  /** Every context key that some output writes. */
  readonly writtenContextKeys: ReadonlySet<string>;
  /** Every map, those with errors of their own too. */
  readonly knownMaps: ReadonlyMap<string, WebserviceMap>;
  /** Names of all rules: condition expressions, condition queries and decision tables. */
  readonly ruleNames: ReadonlySet<string>;
  /** True when a workflow can be started by hand, with context keys of the caller's: only what looks misspelt is told then. */
  readonly takesContext?: boolean;
  /** What is set in the install the documents are for; undefined when they are checked for themselves. */
  readonly stored: StoredNames | undefined;
  /** Where it is noted which names are used; undefined: nobody wants to know. */
  readonly uses?: NameUses | undefined;
}

/** Names of settings and secrets that have a value. */
export interface StoredNames {
  readonly settings: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
}

/** Adds a problem at a place of a document. */
export function report(
  context: CompileContext,
  problem: Omit<Diagnostic, 'range' | 'severity'> & {
    readonly range?: Range;
    readonly severity?: Diagnostic['severity'];
  },
): void {
  context.problems.add({
    ...problem,
    severity: problem.severity ?? 'error',
    range: problem.range ?? DOCUMENT_START,
  });
}

/** The compiled value, or undefined after its problem was reported at its place in the document. */
export function accept<T>(
  context: CompileContext,
  file: string,
  text: SourceText,
  result: CompileResult<T>,
): T | undefined {
  if (!result.ok) {
    report(context, { ...describe(file, text, result.problem), severity: 'error' });
    return undefined;
  }
  for (const warning of result.warnings) report(context, { ...describe(file, text, warning), severity: 'warning' });
  return result.value;
}

function describe(file: string, text: SourceText, problem: CompileProblem): Omit<Diagnostic, 'severity'> {
  const start = text.positionAt(problem.offset);
  const end = text.positionAt(Math.max(problem.offset + 1, problem.offset + problem.length));
  return {
    code: problem.code,
    message: problem.message,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    file,
    // At the end of the text there may be nothing more to point at.
    range: { start, end: end.offset > start.offset ? end : start },
  };
}

/** The named thing, or undefined after an error with the nearest name was reported. */
export function resolve<T>(
  context: CompileContext,
  params: {
    readonly file: string;
    readonly name: Located<string>;
    readonly among: ReadonlyMap<string, T>;
    readonly code: string;
    readonly what: string;
  },
): T | undefined {
  const found = params.among.get(params.name.value);
  if (found !== undefined) {
    const { file, name, what } = params;
    context.uses?.note({ kind: kindOf(found) ?? what, name: name.value, file, offset: name.range.start.offset });
    return found;
  }
  report(context, {
    code: params.code,
    message: `there is no ${params.what} "${shownName(params.name.value)}"`,
    ...(context.problems.isFull(params.file) ? {} : { hint: nameHint(params) }),
    file: params.file,
    range: params.name.range,
  });
  return undefined;
}

/** Of a document its own kind; of what was compiled nothing. */
function kindOf(found: unknown): string | undefined {
  const kind = typeof found === 'object' && found !== null && 'kind' in found ? found.kind : undefined;
  return typeof kind === 'string' ? kind : undefined;
}

function nameHint({
  name,
  among,
  what,
}: {
  readonly name: Located<string>;
  readonly among: ReadonlyMap<string, unknown>;
  readonly what: string;
}): string {
  const near = didYouMean(name.value, among.keys());
  return near ?? (among.size === 0 ? `no ${what} was given` : `there are: ${list(among.keys())}`);
}

function list(names: Iterable<string>): string {
  const all = [...names];
  return all.length > 8 ? `${all.slice(0, 8).join(', ')} and ${all.length - 8} more` : all.join(', ');
}
