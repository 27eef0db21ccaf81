import { type Diagnostic, hasErrors, sortDiagnostics } from '../core/diagnostic.ts';
import type { StoredDocument } from '../core/document-store.ts';
import { compileCatalog } from '../catalog/catalog.ts';
import { createCallRecorder } from '../connector/call-recorder.ts';
import { createPresetConnector } from '../connector/preset-connector.ts';
import { createSoapClient } from '../connector/soap/soap-client.ts';
import type { Document } from '../document/document.ts';
import type { GivenAnswer, MapTestCase, MapTestDocument } from '../document/map-test.ts';
import { type CaseResult, runMapTest } from '../engine/map-test/map-test.ts';
import type { MapTestTools } from '../engine/map-test/run-case.ts';
import { readXmlValueInPieces } from '../xml/xml-value.ts';
import type { SourceFile } from './administration.ts';
import { readFiles } from './check.ts';
import { documentKey, readStored } from './document-set.ts';
import { checkMapTestValues, readField } from './map-test-values.ts';

export type { CaseResult } from '../engine/map-test/map-test.ts';
export type { Difference } from '../engine/map-test/difference.ts';

/** What came of a set of map tests. */
export interface MapTestReport {
  readonly counts: Readonly<Record<CaseResult['status'], number>>;
  /** File by file, in the order of their texts. */
  readonly cases: readonly CaseResult[];
  /** Problems of the given documents. Cases of a file with errors are not run. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface MapTestParams {
  readonly sources: readonly SourceFile[];
  /** Documents of an install, for the names that the given ones do not define. */
  readonly inForce: readonly StoredDocument[];
  readonly isWanted: (test: MapTestDocument, one: MapTestCase) => boolean;
}

/** Runs map tests on the documents given with them. Opens no connection and no database; the same input gives the same report. */
export async function runMapTests({ sources, inForce, isWanted }: MapTestParams): Promise<MapTestReport> {
  const read = readFiles(sources);
  const given = new Set(read.documents.map(documentKey));
  const kept = readStored(inForce.filter((document) => !given.has(documentKey(document))));
  const documents: readonly Document[] = [...read.documents, ...kept];
  const { catalog, diagnostics: compiled } = compileCatalog(documents, 0);
  const own = new Set(sources.map(({ file }) => file));
  const diagnostics = sortDiagnostics([
    ...read.diagnostics,
    ...compiled.filter(({ file }) => own.has(file)),
    ...checkMapTestValues(documents, catalog),
  ]);
  const cases: CaseResult[] = [];
  for (const test of read.documents) {
    if (test.kind !== 'map-test' || hasErrors(diagnostics.filter(({ file }) => file === test.file))) continue;
    cases.push(...(await runMapTest(TOOLS, { catalog, test, isWanted: (one) => isWanted(test, one) })));
  }
  return { counts: countStatuses(cases), cases, diagnostics };
}

const TOOLS: MapTestTools = {
  recorder: createCallRecorder(),
  readXml: readXmlValueInPieces,
  readField,
  connectorFor: (answer) => createPresetConnector(presetOf(answer)),
  soapFor: (wsdl) =>
    createSoapClient({
      connector: wsdl === undefined ? undefined : createPresetConnector(answeringWith(wsdl)),
      clock: { now: () => 0 },
    }),
};

function answeringWith(wsdl: string): Parameters<typeof createPresetConnector>[0] {
  const headers = [['content-type', 'text/xml; charset=utf-8']] as const;
  return { kind: 'answer', answer: { status: 200, headers, body: Buffer.from(wsdl) } };
}

function presetOf(answer: GivenAnswer): Parameters<typeof createPresetConnector>[0] {
  if (answer.kind === 'failure') return answer;
  const { status, headers, body } = answer;
  return { kind: 'answer', answer: { status, headers, body: Buffer.from(body) } };
}

function countStatuses(cases: readonly CaseResult[]): MapTestReport['counts'] {
  const of = (wanted: CaseResult['status']): number => cases.filter(({ status }) => status === wanted).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}
