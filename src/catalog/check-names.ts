import type { SourceText } from '../core/diagnostic.ts';
import { FILE_MEMBERS, isFileMember } from '../core/file-store.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import { didYouMean, nearest } from '../core/suggestion.ts';
import type { Reference } from '../expression/compiled.ts';
import { type CompileContext, report } from './compile-context.ts';

/** Names of a record that every module has besides its own fields. */
const RECORD_NAMES = ['id', 'createdtime', 'modifiedtime', 'record_id', 'record_module'];

/** Reports record fields that the module does not have, and context keys that nothing writes. */
export function checkReferences(
  context: CompileContext,
  params: {
    readonly file: string;
    readonly text: SourceText;
    readonly references: readonly Reference[];
    readonly module: ModuleDefinition | undefined;
    readonly missingFieldIs: 'error' | 'warning';
  },
): void {
  noteNames(context, params);
  for (const reference of params.references) {
    const range = {
      start: params.text.positionAt(reference.offset),
      end: params.text.positionAt(reference.offset + Math.max(1, reference.length)),
    };
    const problem =
      reference.root === 'record' || reference.root === 'previous'
        ? fieldProblem(context, params.module, reference.path)
        : undefined;
    if (problem !== undefined) {
      report(context, { ...problem, file: params.file, range, severity: params.missingFieldIs });
    }
    const doubt =
      contextProblem(context, reference) ?? storedProblem(context, reference) ?? listProblem(context, reference);
    if (doubt !== undefined) report(context, { ...doubt, file: params.file, range, severity: 'warning' });
  }
}

/** Notes the settings and secrets among the references, for those who ask what documents name. */
export function noteNames(
  { uses }: CompileContext,
  params: { readonly file: string; readonly text: SourceText; readonly references: readonly Reference[] },
): void {
  if (uses === undefined) return;
  for (const { root, path, offset } of params.references) {
    if ((root !== 'setting' && root !== 'secret') || path.length === 0) continue;
    uses.note({ kind: root, name: path.join('.'), file: params.file, offset: params.text.positionAt(offset).offset });
  }
}

interface NameProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Follows `account_id.accountname` through the modules; undefined when it leads somewhere, or the module is not known. */
export function fieldProblem(
  context: CompileContext,
  module: ModuleDefinition | undefined,
  path: readonly string[],
): NameProblem | undefined {
  const [name, ...rest] = path;
  if (module === undefined || name === undefined || RECORD_NAMES.includes(name)) return undefined;
  const field = module.fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    const hint =
      didYouMean(
        name,
        module.fields.map((candidate) => candidate.name),
      ) ?? fieldList(module);
    return { code: 'FIELD_UNKNOWN', message: `module ${module.name} has no field "${name}"`, hint };
  }
  return rest.length === 0 ? undefined : throughReference(context, field, rest);
}

function throughReference(
  context: CompileContext,
  field: FieldDefinition,
  rest: readonly string[],
): NameProblem | undefined {
  if (field.type === 'owner') return undefined;
  if (field.type === 'file') return fileProblem(field, rest);
  if (field.type !== 'reference') {
    return { code: 'FIELD_NO_REFERENCE', message: `field "${field.name}" is no reference: nothing can follow it` };
  }
  const targets = (field.references ?? []).flatMap((name) => context.modules.get(name) ?? []);
  const problems = targets.map((target) => fieldProblem(context, target, rest));
  return problems.length > 0 && problems.every((problem) => problem !== undefined) ? problems[0] : undefined;
}

function fileProblem({ name }: FieldDefinition, [member = '', ...more]: readonly string[]): NameProblem | undefined {
  if (more.length === 0 && isFileMember(member)) return undefined;
  const hint = didYouMean(member, FILE_MEMBERS) ?? `a file has: ${FILE_MEMBERS.join(', ')}`;
  return { code: 'FIELD_UNKNOWN', message: `the file "${name}" has no "${[member, ...more].join('.')}"`, hint };
}

function fieldList(module: ModuleDefinition): string {
  return `its fields are: ${module.fields.map((field) => field.name).join(', ')}`;
}

/** A setting or secret that is used and has no value yet: no reason to refuse the documents. */
function storedProblem({ stored }: CompileContext, { root, path }: Reference): NameProblem | undefined {
  if (stored === undefined || (root !== 'setting' && root !== 'secret')) return undefined;
  const name = path.join('.');
  if (name === '' || (root === 'setting' ? stored.settings : stored.secrets).has(name)) return undefined;
  const value = root === 'setting' ? ' VALUE' : '';
  return {
    code: root === 'setting' ? 'SETTING_NOT_SET' : 'SECRET_NOT_SET',
    message: `the ${root} "${name}" has no value in this install`,
    hint: `mapwright ${root} set ${name}${value}`,
  };
}

/** A list of records of a module that there is not; nothing is told where no module is known at all. */
function listProblem({ modules }: CompileContext, { root, path: [name = ''] }: Reference): NameProblem | undefined {
  if (root !== 'module' || modules.size === 0 || modules.has(name)) return undefined;
  return {
    code: 'TEMPLATE_META_EMPTY',
    message: `there is no module ${name} whose records could be listed: the list is replaced by nothing`,
    hint: didYouMean(name, modules.keys()) ?? `mapwright import-module brings one over: --modules ${name}`,
  };
}

function contextProblem(context: CompileContext, { root, path }: Reference): NameProblem | undefined {
  const key = root === 'context' ? path[0] : undefined;
  if (key === undefined || context.writtenContextKeys.has(key) || context.writtenContextKeys.size === 0)
    return undefined;
  const { takesContext = false } = context;
  // A caller gives keys that nothing here writes, and names of one family are alike without being misspelt.
  const near = nearest(key, context.writtenContextKeys, takesContext ? 1 / 6 : 1 / 3);
  if (near === undefined && takesContext) return undefined;
  return {
    code: 'CONTEXT_NEVER_WRITTEN',
    message: `no map writes the context key "${key}"`,
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
  };
}
