import type { Diagnostic } from '../core/diagnostic.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { checkFieldValue, readFieldValue } from '../crm/field-value.ts';
import type { Document } from '../document/document.ts';
import type { GivenField, MapTestDocument } from '../document/map-test.ts';
import type { FieldReading, ReadField } from '../engine/map-test/case-data.ts';

/** Reads a value as the built-in records do: by the field's type, and then by its length, choices and form. */
export const readField: ReadField = (field, given): FieldReading => {
  const reading = readFieldValue(field.type, given);
  if (!reading.ok) return reading;
  const problem = checkFieldValue(field, reading.value);
  return problem === undefined ? reading : { ok: false, problem };
};

/** Problems of the values that map tests give for fields of modules: no record could ever hold them. */
export function checkMapTestValues(documents: readonly Document[], catalog: Catalog): Diagnostic[] {
  const tests = documents.filter((document) => document.kind === 'map-test');
  return tests.flatMap((test) => {
    const map = documents.find((document) => document.kind === 'map' && document.name === test.map.value);
    const module = map?.kind === 'map' ? map.module?.value : undefined;
    return checkTest(test, (module === undefined ? undefined : catalog.modules.get(module))?.fields ?? []);
  });
}

function checkTest(test: MapTestDocument, fields: readonly Parameters<ReadField>[0][]): Diagnostic[] {
  const given = test.cases.flatMap((one) => [...one.record, ...(one.previous ?? [])]);
  return given.flatMap(({ name, value }: GivenField): Diagnostic[] => {
    const field = fields.find((candidate) => candidate.name === name.value);
    const reading = field === undefined || value === undefined ? undefined : readField(field, value.value);
    if (value === undefined || reading === undefined || reading.ok) return [];
    return [
      {
        severity: 'error',
        code: 'MAP_TEST_VALUE',
        message: `${name.value} ${reading.problem}`,
        hint: 'give a value that a record of the module can hold',
        file: test.file,
        range: value.range,
      },
    ];
  });
}

/** Says of each file with map tests that they are checked and not applied. */
export function testsLeftOut(documents: readonly Document[]): Diagnostic[] {
  const first = new Map<string, Document>();
  for (const document of documents) {
    if (document.kind === 'map-test' && !first.has(document.file)) first.set(document.file, document);
  }
  return [...first.values()].map(({ file, nameAt }) => ({
    severity: 'info',
    code: 'MAP_TEST_NOT_APPLIED',
    message: 'map tests are checked and not applied: no install needs them',
    hint: `mapwright test ${file}`,
    file,
    range: nameAt.range,
  }));
}
