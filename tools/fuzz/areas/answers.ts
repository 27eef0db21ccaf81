import { isDeepStrictEqual } from 'node:util';
import { compileCatalog, type Catalog } from '../../../src/catalog/catalog.ts';
import { createCallRecorder } from '../../../src/connector/call-recorder.ts';
import type { CallAnswer } from '../../../src/core/call.ts';
import { hasErrors } from '../../../src/core/diagnostic.ts';
import type { Json } from '../../../src/core/json.ts';
import { readDocuments } from '../../../src/document/read-documents.ts';
import { type MapTrial, type TrialEngine, tryMap } from '../../../src/engine/try-map.ts';
import { readXmlValueInPieces } from '../../../src/xml/xml-value.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { type AnswerInput, answerInput } from '../generate/answer.ts';

const NATIVE = 'xmlns="urn:mapwright:1"';
const FORMATS = ['json', 'xml', 'text', 'raw'] as const;
const LEGACY_FORMATS = ['JSON', 'XML'] as const;
const CODE = /^[A-Z]+(?:_[A-Z]+)+$/u;

/** Maps that read an answer in every way there is; each gets every answer. */
const MAPS: readonly { readonly file: string; readonly text: string }[] = [
  ...FORMATS.map((format) => ({
    file: `${format}.xml`,
    text: `<map ${NATIVE} name="${format}"><call method="POST" url="https://b.example/x"/><response format="${format}">
      <expect status="2xx 404"/>${format === 'json' ? '<expect when="response.body.success != false" code="{response.body.error.code}" message="{response.body.error.message}"/>' : ''}
      <output path="result.id" context="id" optional="true"/>
      <output path="list.0.id" context="first" default="none"/>
      <output path="error-code" context="code" optional="true" type="integer"/>
      <output path="['a.b']" context="dotted" optional="true" type="json"/>
      <output jsonata="$count(response.body.list)" context="count"/>
      <output jsonata="response.headers.'content-type'" context="type" optional="true"/>
      <output path="error" context="error" on="failure" optional="true"/>
    </response></map>`,
  })),
  ...LEGACY_FORMATS.map((format) => ({
    file: `legacy-${format}.xml`,
    text: `<?mapwright values="raw"?><map><wsconfig><wsurl>https://b.example/x</wsurl><wshttpmethod>POST</wshttpmethod>
      <wstype>REST</wstype><inputtype>JSON</inputtype><outputtype>${format}</outputtype></wsconfig>
      <fields><field><fieldname>a</fieldname><Orgfields><Orgfield><OrgfieldName>b</OrgfieldName>
      <OrgfieldID>const</OrgfieldID></Orgfield></Orgfields></field></fields>
      <Response>${['result.id', 'list.0.id', '.', 'error.code', 'nope.a'].map(legacyOutput).join('')}</Response></map>`,
  })),
];

function legacyOutput(path: string, index: number): string {
  return `<field><fieldname>${path}</fieldname><destination><context>c${index}</context></destination></field>`;
}

/** Answers of any kind to maps of every kind: outputs or a failure with a code, the same each time. */
export const AREA: Area = {
  name: 'answers',
  limitMs: 1000,
  generate: (random): Json => answerInput(random) as unknown as Json,
  open: () => Promise.resolve(new AnswerTarget()),
};

class AnswerTarget implements Target {
  readonly #catalog: Catalog = compileMaps();

  async judge(input: Json): Promise<Verdict> {
    const given = input as unknown as AnswerInput;
    const answer = asAnswer(given);
    const trial = await this.#try(given.map, answer);
    const { failure, outputs, warnings } = trial;
    promise(trial.answer !== undefined && trial.request !== undefined, () => `nothing was sent: ${failure?.message}`);
    for (const { name, value } of outputs) {
      promise(value === undefined || isJson(value), () => `${name} is no JSON: ${String(value)}`);
    }
    for (const warning of warnings) promise(typeof warning === 'string' && warning !== '', () => 'an empty warning');
    promise(
      isDeepStrictEqual(withoutTime(await this.#try(given.map, answer)), withoutTime(trial)),
      () => 'judged twice, differently',
    );
    if (failure === undefined) return 'accepted';
    promise(
      CODE.test(failure.code) && failure.message !== '',
      () => `a failure called ${failure.code}: ${failure.message}`,
    );
    return 'refused';
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #try(index: number, answer: CallAnswer): Promise<MapTrial> {
    const names = [...this.#catalog.maps.keys()];
    const map = names[index % names.length] ?? '';
    const engine = engineAnswering(answer);
    return tryMap(engine, { catalog: this.#catalog, map, record: {}, context: {}, send: true });
  }
}

function compileMaps(): Catalog {
  const read = MAPS.map(readDocuments);
  const documents = read.flatMap((one) => one.documents);
  const { catalog, diagnostics } = compileCatalog(documents, 1);
  const all = [...read.flatMap((one) => one.diagnostics), ...diagnostics];
  if (hasErrors(all)) throw new Error(all.map(({ file, code, message }) => `${file} ${code} ${message}`).join('; '));
  return catalog;
}

function engineAnswering(answer: CallAnswer): TrialEngine {
  return {
    clock: { now: () => Date.UTC(2026, 2, 1) },
    installId: 'fuzz',
    serviceUser: { id: '19x1', name: 'admin' },
    timeZone: 'UTC',
    host: { displayName: () => Promise.resolve(undefined), fieldThrough: () => Promise.resolve(undefined) },
    secrets: { get: () => Promise.resolve(undefined) },
    settings: { all: () => Promise.resolve({}) },
    connector: { send: () => Promise.resolve({ kind: 'answered', answer }), close: () => Promise.resolve() },
    readXml: readXmlValueInPieces,
    recorder: createCallRecorder(),
  };
}

function asAnswer({ status, headers, body }: AnswerInput): CallAnswer {
  return { status, headers, body: Buffer.from(body, 'base64'), durationMs: 1 };
}

function withoutTime({ request, answer, ...rest }: MapTrial): unknown {
  return { ...rest, request: { ...request, at: 0 }, answer: { ...answer, durationMs: 0, at: 0 } };
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'object' && Object.values(value).every(isJson);
}
