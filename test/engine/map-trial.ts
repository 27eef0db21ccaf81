import type { CallRequest, Connector } from '../../src/core/call.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { createCallRecorder } from '../../src/connector/call-recorder.ts';
import { createSoapClient } from '../../src/connector/soap/soap-client.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { type MapTrial, tryMap } from '../../src/engine/try-map.ts';
import { readXmlValueInPieces } from '../../src/xml/xml-value.ts';

/** What a peer answers with. */
export interface PeerAnswer {
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

export interface TrialInput {
  /** Document texts; the first holds the map, named by its name or, for the coreBOS dialect, `M`. */
  readonly documents: readonly string[];
  readonly map?: string;
  readonly record?: JsonObject;
  readonly context?: JsonObject;
  readonly settings?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** What every call is answered with, or each by itself. */
  readonly answer?: PeerAnswer | ((request: CallRequest) => PeerAnswer);
}

/** Builds a map's request from texts and data, and answers it from memory; gives what was sent and what came of it. */
export async function tryTexts(input: TrialInput): Promise<{ sent: CallRequest | undefined; trial: MapTrial }> {
  const documents = input.documents.flatMap(
    (text, index) => readDocuments({ file: index === 0 ? 'M.xml' : `D${index}.xml`, text }).documents,
  );
  const { catalog } = compileCatalog(documents, 1);
  let sent: CallRequest | undefined;
  const connector: Connector = {
    async send(request) {
      sent = request;
      const given = typeof input.answer === 'function' ? input.answer(request) : input.answer;
      const { status = 200, headers = [], body = '{}' } = given ?? {};
      return { kind: 'answered', answer: { status, headers, body: Buffer.from(body), durationMs: 1 } };
    },
    close: async () => undefined,
  };
  const clock = { now: () => Date.parse('2026-03-14T10:20:30Z') };
  const trial = await tryMap(
    {
      connector,
      soap: createSoapClient({ connector, clock }),
      recorder: createCallRecorder(),
      readXml: readXmlValueInPieces,
      settings: { all: async () => input.settings ?? {} },
      secrets: { get: async (name) => input.secrets?.[name] },
      host: { displayName: async () => undefined, fieldThrough: async () => undefined },
      clock,
      installId: 'here',
      timeZone: 'UTC',
      serviceUser: { id: '19x1', name: 'admin' },
    },
    {
      catalog,
      map: input.map ?? catalog.maps.keys().next().value ?? '',
      record: input.record ?? {},
      context: input.context ?? {},
      send: true,
    },
  );
  return { sent, trial };
}
