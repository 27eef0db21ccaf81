import { MapwrightError } from '../core/error.ts';
import type { StoredDocument } from '../core/document-store.ts';
import type { FieldDefinition } from '../core/module.ts';
import { didYouMean } from '../core/suggestion.ts';
import { type Catalog, compileCatalog } from '../catalog/catalog.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import type { NewElement } from '../engine/map-test/difference.ts';
import { mapSources } from '../engine/scope.ts';
import type { SourceFile } from './administration.ts';
import { readFiles } from './check.ts';
import { documentKey, readStored } from './document-set.ts';
import { renderElement } from './element-text.ts';
import { correctExpectations } from './map-test-corrections.ts';
import { readField } from './map-test-values.ts';
import { runMapTests } from './map-tests.ts';
import { sampleAnswer } from './sample-answer.ts';

/** The name of the text that is being made, among the given files. */
const NEW_FILE = 'new map test';

/**
 * A first test of a map: sample values for every field and context value that it reads, an answer that has what its outputs
 * take, and what the map sends and writes then. Rejects with MAP_UNKNOWN.
 */
export async function mapTestSkeleton(params: {
  readonly map: string;
  readonly sources: readonly SourceFile[];
  readonly inForce: readonly StoredDocument[];
}): Promise<string> {
  const { sources, inForce } = params;
  const read = readFiles(sources).documents;
  const given = new Set(read.map(documentKey));
  const kept = readStored(inForce.filter((document) => !given.has(documentKey(document))));
  const { catalog } = compileCatalog([...read, ...kept], 0);
  const map = catalog.maps.get(params.map);
  if (map === undefined) {
    const hint = didYouMean(params.map, catalog.maps.keys()) ?? 'name the files or the folder of its documents too';
    throw new MapwrightError('MAP_UNKNOWN', `there is no map "${params.map}" without errors`, { hint });
  }
  const style = { indentation: '', lineEnd: '\n', prefix: '' };
  const text = `${renderElement(skeletonOf(map, catalog), style)}\n`;
  const report = await runMapTests({
    sources: [...sources, { file: NEW_FILE, text }],
    inForce,
    isWanted: (test) => test.file === NEW_FILE,
  });
  return correctExpectations(text, report.cases).text;
}

function skeletonOf(map: CompiledMap, catalog: Catalog): NewElement {
  const record = recordAttributes(map, catalog);
  const context = map.contextKeys.filter((key) => !isField(map, catalog, key)).map((key) => [key, key] as const);
  const { body, type } = sampleAnswer(map);
  return {
    name: 'map-test',
    attributes: [
      ['xmlns', 'urn:mapwright:1'],
      ['map', map.name],
    ],
    children: [
      {
        name: 'case',
        attributes: [['name', 'answered as expected']],
        children: [
          ...(record.length === 0 ? [] : [{ name: 'record', attributes: record }]),
          ...(context.length === 0 ? [] : [{ name: 'context', attributes: context }]),
          { name: 'answer', attributes: [['status', sampleStatus(map)], ['content-type', type] as const], text: body },
        ],
      },
    ],
  };
}

function sampleStatus(map: CompiledMap): string {
  const expectations = [...map.expectations, ...(map.service?.expectations ?? [])];
  const [first = '200'] = expectations.flatMap(({ document }) => document.statuses ?? []);
  return first.replace('xx', '00');
}

function fieldsOf(map: CompiledMap, catalog: Catalog): readonly FieldDefinition[] | undefined {
  return map.document.module && catalog.modules.get(map.document.module.value)?.fields;
}

function isField(map: CompiledMap, catalog: Catalog, name: string): boolean {
  return fieldsOf(map, catalog)?.some((field) => field.name === name) ?? false;
}

function recordAttributes(map: CompiledMap, catalog: Catalog): [string, string][] {
  const fields = fieldsOf(map, catalog);
  const references = mapSources(map, map.service).flatMap((source) => source.references);
  const read = references.filter(({ root, path }) => (root === 'record' || root === 'previous') && path.length > 0);
  const names = new Set<string>();
  for (const { path } of read) {
    // Behind a reference there is a value only when the reference leads somewhere.
    names.add(path[0] ?? '');
    names.add(path.join('.'));
  }
  return [...names].flatMap((name): [string, string][] => {
    const [own = '', ...rest] = name.split('.');
    const field = fields?.find((candidate) => candidate.name === own);
    if (field === undefined) return fields === undefined && !map.contextKeys.includes(own) ? [[name, own]] : [];
    return [[name, rest.length > 0 ? (rest.at(-1) ?? '') : sampleValue(field, catalog)]];
  });
}

const SAMPLES: Readonly<Partial<Record<FieldDefinition['type'], string>>> = {
  integer: '7',
  number: '1.5',
  currency: '9.99',
  boolean: 'true',
  date: '2026-01-31',
  datetime: '2026-01-31T09:00:00Z',
  time: '09:00:00',
  email: 'anna@example.com',
  phone: '+1 555 0100',
  url: 'https://example.com/',
  owner: '19x1',
};

function sampleValue(field: FieldDefinition, catalog: Catalog): string {
  const target = catalog.modules.get(field.references?.[0] ?? '');
  const named = field.options?.[0] ?? SAMPLES[field.type] ?? field.label;
  const text = target === undefined ? named : `${target.prefix}x1`;
  const cut = field.length === undefined ? text : [...text].slice(0, field.length).join('');
  return readField(field, cut).ok ? cut : '';
}
