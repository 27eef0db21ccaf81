import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import { apiDocuments, type WrittenDocument } from '../../import/description/api-documents.ts';
import type { DescribedApi, DescriptionNote, WantedValue } from '../../import/description/described-api.ts';
import { checkDocuments } from '../check.ts';

/** The documents that were made of a description. `check` finds no errors in them. */
export interface TakenDescription {
  readonly documents: readonly WrittenDocument[];
  /** What the install has to be given before the calls can be made. */
  readonly wanted: readonly WantedValue[];
  readonly notes: readonly DescriptionNote[];
  /** What `check` says of the documents: warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Writes down what was described and checks it. A map that `check` refuses is left out, and so are parts of a service that
 * it refuses: each is told with the reason. Nothing is stored.
 */
export function takeDescription(
  described: DescribedApi,
  { withTests }: { readonly withTests: boolean },
): TakenDescription {
  const notes: DescriptionNote[] = [...described.notes];
  const api = withPlainServices(described, notes);
  const written = apiDocuments(api).filter(({ kind }) => withTests || kind !== 'map-test');
  const errors = errorsByFile(written);
  const refused = new Set<string>();
  for (const { kind, name, path, call } of written) {
    const [first] = errors.get(path) ?? [];
    if (first === undefined || (kind !== 'map' && kind !== 'map-test')) continue;
    if (kind === 'map') refused.add(name);
    const what = kind === 'map' ? 'left out' : 'its test is left out';
    if (kind === 'map' || !refused.has(name))
      notes.push({ of: call?.title ?? name, says: `${what}: ${saying(first)}` });
  }
  const kept = written.filter((one) => {
    if (one.kind === 'map-test') return !refused.has(one.name) && !errors.has(one.path);
    return one.kind !== 'map' || !refused.has(one.name);
  });
  const documents = withoutUnused(api, kept);
  const texts = documents.map(({ text }) => text).join('\n');
  return {
    documents,
    wanted: api.wanted.filter(({ kind, name }) => texts.includes(`{${kind}.${name}}`) || texts.includes(`="${name}"`)),
    notes,
    diagnostics: checkDocuments(documents.map(({ path, text }) => ({ file: path, text }))).diagnostics,
  };
}

/** Without the parts that services cannot have. */
function withPlainServices(api: DescribedApi, notes: DescriptionNote[]): DescribedApi {
  if (!api.services.some(({ parts = [] }) => parts.length > 0)) return api;
  const errors = errorsByFile(apiDocuments({ ...api, calls: [] }));
  const services = api.services.map((service) => {
    const [first] = errors.get(`services/${service.name}.xml`) ?? [];
    if (first === undefined || service.parts === undefined) return service;
    notes.push({ of: service.name, says: `how it is connected to is left out: ${saying(first)}` });
    const { parts: _parts, ...plain } = service;
    return plain;
  });
  return { ...api, services };
}

function errorsByFile(documents: readonly WrittenDocument[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const { diagnostics } = checkDocuments(documents.map(({ path, text }) => ({ file: path, text })));
  const found = Map.groupBy(diagnostics, ({ file }) => file);
  return new Map(
    [...found]
      .filter(([, some]) => hasErrors(some))
      .map(([file, some]) => [file, some.filter((one) => hasErrors([one]))]),
  );
}

function saying({ code, message, hint }: Diagnostic): string {
  return `${code} ${message}${hint === undefined ? '' : `; ${hint}`}`;
}

/** Services that no map is left of, and their credentials, go. */
function withoutUnused(api: DescribedApi, documents: readonly WrittenDocument[]): readonly WrittenDocument[] {
  const called = new Set(documents.flatMap(({ kind, call }) => (kind === 'map' ? (call?.service ?? []) : [])));
  const credentials = new Set(
    api.services.flatMap(({ name, credential }) => (called.has(name) ? (credential ?? []) : [])),
  );
  return documents.filter(({ kind, name }) => {
    if (kind === 'service') return called.has(name);
    return kind !== 'credential' || credentials.has(name);
  });
}
