import type { SourceText } from '../core/diagnostic.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { isFileBeside } from '../core/soap-description.ts';
import type { Expectation, Output, WebserviceMap } from '../document/map.ts';
import { compilePath } from '../expression/output-path.ts';
import { compileFinder } from '../expression/text-finder.ts';
import type { Template, TemplateKind } from '../expression/template.ts';
import { checkReferences, fieldProblem, noteNames } from './check-names.ts';
import { type CompiledAnswerFile, compileAnswerFile } from './compile-answer-file.ts';
import { type CompileContext, accept, report, resolve } from './compile-context.ts';
import { checkOperation, wsdlTemplateKind } from './compile-description.ts';
import { compileLook } from './compile-look.ts';
import { compilePlan } from './compile-plan.ts';
import { checkValueForm } from './check-value-form.ts';
import { compilePages, compileRecords } from './compile-records.ts';
import { compileParameters } from './compile-source.ts';
import type { CompiledMap, CompiledOutput } from './compiled-map.ts';
import type { CompiledParameter } from './compiled-parameter.ts';
import type { CompiledExpectation, CompiledService } from './compiled-service.ts';
import type { Reference } from '../expression/compiled.ts';
import { compileLegacyText } from './legacy-text.ts';
import { checkCall } from './check-call.ts';
import { compileNetwork, type KnownCredentials } from './network/compile-network.ts';

const NO_CREDENTIALS: KnownCredentials = { credentials: new Map(), knownCredentials: new Map() };

/** The map with every text compiled and every name resolved; undefined when it has errors. */
export function compileMap(
  context: CompileContext,
  map: WebserviceMap,
  services: ReadonlyMap<string, CompiledService>,
): CompiledMap | undefined {
  const before = context.problems.errorCount;
  const module = mapModule(context, map);
  const service = mapService(context, map, services);
  const place = { file: map.file, module };
  const isNative = map.dialect === 'native';
  const wsdl = map.call.soap?.wsdl;
  const isSoap = map.call.soap !== undefined;
  const isBeside = wsdl !== undefined && isFileBeside(wsdl.value);
  const ofService = isSoap && wsdl === undefined ? service?.description : undefined;
  const description = context.descriptions.at(context, map.file, wsdl) ?? ofService;
  const text = (source: SourceText | undefined, kind: TemplateKind): Template | undefined =>
    source === undefined ? undefined : compileText(context, { file: map.file, text: source, kind, module });
  const compiled = {
    name: map.name,
    document: map,
    service,
    legacyUrl: isNative || map.call.url === undefined ? undefined : compileLegacyText(map.call.url),
    login: compileLogin(map),
    url: isNative ? text(map.call.url, 'origin') : undefined,
    path: text(map.call.path, 'path'),
    wsdl: isBeside ? undefined : (text(wsdl, wsdlTemplateKind(wsdl)) ?? (isSoap ? service?.wsdl : undefined)),
    description,
    operation: text(map.call.soap?.operation, 'text'),
    body: text(map.body, 'text'),
    parameters: compileParameters(context, { ...place, takesFiles: isNative }, map.parameters),
    expectations: compileExpectations(context, map.file, map.response.expectations),
    outputs: map.response.outputs.flatMap((output) => compileOutput(context, map, output, module) ?? []),
    records: compileRecords({ context, ...place }, map.response.records ?? []),
    pages: map.response.pages && compilePages(context, map, map.response.pages),
    file: compileAnswerFile(context, map, module),
    plan: compilePlan(context, place, map.onError),
    look: compileLook(context, map),
    // Of a coreBOS map, which names no credentials.
    network: compileNetwork(context, map.file, map.call.network, NO_CREDENTIALS),
  };
  checkOperation(context, map.file, map.call.soap?.operation, description);
  checkCall(context, compiled);
  noteLegacy(context, map);
  return context.problems.errorCount > before ? undefined : { ...compiled, ...summarise(compiled) };
}

function compileLogin({ call: { legacy } }: WebserviceMap): CompiledMap['login'] {
  const { basic } = legacy ?? {};
  return basic && { user: compileLegacyText(basic.user), password: compileLegacyText(basic.password) };
}

/** Settings that the address and the login of a coreBOS map name, and its module. */
function noteLegacy(context: CompileContext, { dialect, file, module, call: { url, legacy } }: WebserviceMap): void {
  if (dialect !== 'corebos' || context.uses === undefined) return;
  for (const text of [url, legacy?.basic?.user, legacy?.basic?.password]) {
    if (text !== undefined) noteNames(context, { file, text, references: compileLegacyText(text).references });
  }
  if (module === undefined || !context.modules.has(module.value)) return;
  context.uses.note({ kind: 'module', name: module.value, file, offset: module.range.start.offset });
}

function mapModule(context: CompileContext, map: WebserviceMap): ModuleDefinition | undefined {
  if (map.module === undefined) return undefined;
  // A coreBOS map names its module for information only; the record it runs on decides.
  if (map.dialect === 'corebos') return context.modules.get(map.module.value);
  return resolve(context, {
    file: map.file,
    name: map.module,
    among: context.modules,
    code: 'MODULE_UNKNOWN',
    what: 'module',
  });
}

function mapService(
  context: CompileContext,
  map: WebserviceMap,
  services: ReadonlyMap<string, CompiledService>,
): CompiledService | undefined {
  if (map.service === undefined) return undefined;
  return resolve(context, {
    file: map.file,
    name: map.service,
    among: services,
    code: 'SERVICE_UNKNOWN',
    what: 'service',
  });
}

function compileText(
  context: CompileContext,
  params: { file: string; text: SourceText; kind: TemplateKind; module: ModuleDefinition | undefined },
): Template | undefined {
  const { file, text, kind, module } = params;
  const template = accept(context, file, text, context.texts.template(text.value, kind));
  if (template !== undefined) {
    checkReferences(context, { file, text, references: template.references, module, missingFieldIs: 'error' });
  }
  return template;
}

/** Expectations with their texts compiled; those with problems are left out. */
export function compileExpectations(
  context: CompileContext,
  file: string,
  expectations: readonly Expectation[],
): CompiledExpectation[] {
  return expectations.map((document) => ({
    document,
    when: document.when && accept(context, file, document.when, context.texts.jsonata(document.when.value)),
    code: document.code && accept(context, file, document.code, context.texts.template(document.code.value, 'text')),
    message:
      document.message &&
      accept(context, file, document.message, context.texts.template(document.message.value, 'text')),
  }));
}

function compileOutput(
  context: CompileContext,
  map: WebserviceMap,
  output: Output,
  module: ModuleDefinition | undefined,
): CompiledOutput | undefined {
  const problem = output.field && fieldProblem(context, module, [output.field.value]);
  if (problem !== undefined && output.field !== undefined) {
    const severity = map.dialect === 'native' ? 'error' : 'warning';
    report(context, { ...problem, file: map.file, range: output.field.range, severity });
  }
  checkValueForm(context, { file: map.file, form: output.form, range: output.range });
  if (map.dialect === 'corebos') return { document: output, path: undefined, jsonata: undefined };
  const { match } = output;
  return {
    document: output,
    path: output.from && accept(context, map.file, output.from, compilePath(output.from.value)),
    jsonata: output.jsonata && accept(context, map.file, output.jsonata, context.texts.jsonata(output.jsonata.value)),
    match: match && accept(context, map.file, match, compileFinder(match.value)),
  };
}

interface MapTexts {
  readonly legacyUrl: { readonly references: readonly Reference[] } | undefined;
  readonly login: CompiledMap['login'];
  readonly url: Template | undefined;
  readonly path: Template | undefined;
  readonly wsdl: Template | undefined;
  readonly operation: Template | undefined;
  readonly body: Template | undefined;
  readonly file: CompiledAnswerFile | undefined;
  readonly parameters: readonly CompiledParameter[];
  readonly service: CompiledService | undefined;
}

function summarise(
  texts: MapTexts,
): Pick<CompiledMap, 'contextKeys' | 'relatedPaths' | 'readsRecord' | 'carriesStepKey'> {
  const references = [
    ...[
      texts.legacyUrl,
      texts.login?.user,
      texts.login?.password,
      texts.url,
      texts.path,
      texts.wsdl,
      texts.operation,
      texts.body,
    ].flatMap((text) => text?.references ?? []),
    ...texts.parameters.flatMap((parameter) => parameter.source.references),
    ...(texts.file?.references ?? []),
    ...(texts.service?.headers ?? []).flatMap((header) => header.source.references),
  ];
  const of = (root: string): Reference[] => references.filter((reference) => reference.root === root);
  return {
    contextKeys: [...new Set(of('context').flatMap(({ path }) => path[0] ?? []))],
    relatedPaths: [...new Set(of('record').flatMap(({ path }) => (path.length > 1 ? [path.join('.')] : [])))],
    readsRecord: of('record').length > 0,
    carriesStepKey: of('step').some(({ path }) => path[0] === 'key'),
  };
}
