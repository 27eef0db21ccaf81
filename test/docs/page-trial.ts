import { readFileSync } from 'node:fs';
import type { CallOutcome, CallRequest, Connector } from '../../src/core/call.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { RecordValues } from '../../src/core/record.ts';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { createCallRecorder } from '../../src/connector/call-recorder.ts';
import { createSoapClient } from '../../src/connector/soap/soap-client.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { type MapTrial, tryMap } from '../../src/engine/try-map.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { readXmlValueInPieces } from '../../src/xml/xml-value.ts';
import { NOW } from './table-cells.ts';

/** What an example works with. */
export interface ExampleData {
  readonly record: RecordValues;
  /** Fields behind references, by dotted path. */
  readonly related: RecordValues;
  readonly context: JsonObject;
  readonly setting: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
}

export interface ExampleAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Example {
  /** The documents of the page that stand beside it. */
  readonly base: readonly string[];
  readonly text: string;
  /** The file's name, after which a coreBOS map is named. */
  readonly file: string;
}

export interface Tried {
  readonly sent: CallRequest | undefined;
  readonly trial: MapTrial;
}

/** The codes of an example's errors, checked together with the page's documents. */
export function errorsOf({ base, text, file }: Example): string[] {
  const sources = base.map((one, index) => ({ file: `base-${index}.xml`, text: one }));
  const { diagnostics } = checkDocuments([...sources, { file, text }]);
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

/** The service that SOAP examples call. */
const WSDL = readFileSync(new URL('../fixtures/soap/check-vat.wsdl', import.meta.url), 'utf8');

function isDescription({ method, url }: CallRequest): boolean {
  return method === 'GET' && url.endsWith('?wsdl');
}

function answerWith({ status, headers, body }: ExampleAnswer): CallOutcome {
  return { kind: 'answered', answer: { status, headers, body: Buffer.from(body), durationMs: 1 } };
}

/** Builds an example's request and answers it; nobody is called. */
export async function tryExample(example: Example, data: ExampleData, answer?: ExampleAnswer): Promise<Tried> {
  const own = readDocuments({ file: example.file, text: example.text }).documents;
  const others = example.base.flatMap((text, index) => readDocuments({ file: `base-${index}.xml`, text }).documents);
  const { catalog } = compileCatalog([...own, ...others], 1);
  let sent: CallRequest | undefined;
  const connector: Connector = {
    async send(request) {
      if (isDescription(request)) return answerWith({ status: 200, headers: [], body: WSDL });
      sent = request;
      const { status = 200, headers = [], body = '{}' } = answer ?? {};
      return answerWith({ status, headers, body });
    },
    close: async () => undefined,
  };
  const { id, ...values } = data.record;
  const stamp = { createdAt: NOW, modifiedAt: NOW, createdBy: '19x1', modifiedBy: '19x1' };
  const trial = await tryMap(
    {
      connector,
      soap: createSoapClient({ connector, clock: { now: () => NOW } }),
      recorder: createCallRecorder(),
      readXml: readXmlValueInPieces,
      settings: { all: async () => data.setting },
      secrets: { get: async (name) => data.secret[name] },
      host: {
        displayName: async () => undefined,
        fieldThrough: async (_image, path) => data.related[path.join('.')],
      },
      clock: { now: () => NOW },
      installId: '1',
      timeZone: 'Europe/Berlin',
      serviceUser: { id: '19x1', name: 'admin' },
    },
    {
      catalog,
      map: own.find(({ kind }) => kind === 'map')?.name ?? '',
      record: data.record,
      image: { id: String(id), module: 'Orders', version: 1, values, ...stamp },
      context: data.context,
      send: true,
    },
  );
  return { sent, trial };
}

/** What an answer came to, one line each: `fails CODE`, `field x = 1`, `context y = 2`. */
export function outcomeLines({ trial }: Tried): string[] {
  return [
    ...(trial.failure === undefined ? [] : [`fails ${trial.failure.code}`]),
    ...trial.outputs.map((output) => `${output.kind} ${output.name} = ${JSON.stringify(output.value)}`),
  ];
}
