import { isDeepStrictEqual } from 'node:util';
import { type CallRequest, isStreamed } from '../../core/call.ts';
import type { Located } from '../../core/diagnostic.ts';
import type { Json } from '../../core/json.ts';
import type { Redactor } from '../../core/redactor.ts';
import { readExactJson } from '../../core/json-text.ts';
import type { ExpectedHeader, ExpectedParameter, ExpectedRequest } from '../../catalog/compiled-map-test.ts';
import { compilePath } from '../../expression/output-path.ts';
import type { PreparedCall } from '../request/prepared-call.ts';
import { compareValue } from './compare-value.ts';
import type { Difference, NewElement } from './difference.ts';

interface SentQuestion {
  readonly expected: ExpectedRequest;
  readonly prepared: PreparedCall;
  readonly redactor: Redactor;
}

/** Everything in which the request that was built is not the one that the case demands. */
export function compareSent(question: SentQuestion): Difference[] {
  const { expected, prepared } = question;
  const { request } = prepared;
  return [
    compareLine(question, 'method', expected.method, request.method),
    compareLine(question, 'path', expected.path, pathOf(request, expected.path?.value.includes('?') ?? false)),
    compareLine(question, 'url', expected.url, request.url),
    ...expected.parameters.map((parameter) => compareParameter(question, parameter)),
    ...expected.headers.map((header) => compareHeader(question, header)),
    compareBody(question),
  ].filter((difference) => difference !== undefined);
}

/** The URL's path, with its query when asked for; the whole URL when it is none. */
export function pathOf({ url }: Pick<CallRequest, 'url'>, withQuery: boolean): string {
  if (!URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return withQuery ? pathname + search : pathname;
}

function compareLine(
  { redactor }: SentQuestion,
  subject: string,
  expected: Located<string> | undefined,
  actual: string,
): Difference | undefined {
  if (expected === undefined || expected.value === actual) return undefined;
  const shown = redactor.redact(actual);
  return {
    kind: 'sent',
    subject,
    expected: redactor.redact(expected.value),
    actual: shown,
    range: expected.range,
    hint: undefined,
    correction: shown === actual ? { kind: 'attribute', range: expected.range, text: actual } : undefined,
  };
}

function compareParameter(question: SentQuestion, expected: ExpectedParameter): Difference | undefined {
  const { prepared, redactor } = question;
  const { name, path, value, range } = expected;
  const found = prepared.parameters.find((parameter) => parameter.name === name.value)?.value;
  const inside = path === undefined || found === undefined ? undefined : readInside(found, path.value);
  const own = value.kind === 'null' && found === '' ? null : found;
  return compareValue({
    kind: 'parameter',
    subject: `parameter ${name.value}${path === undefined ? '' : `, at ${path.value}`}`,
    expected: value,
    actual: inside === undefined ? own : inside.value,
    range,
    element: {
      name: 'parameter',
      attributes: [['name', name.value], ...(path === undefined ? [] : [['path', path.value] as const])],
    },
    hint: inside?.hint,
    redactor,
  });
}

/** What stands at a path inside a parameter whose value is JSON. */
function readInside(text: string, path: string): { readonly value: Json | undefined; readonly hint?: string } {
  const json = readExactJson(text);
  if (json === undefined || typeof json !== 'object') {
    return { value: undefined, hint: 'the value is not JSON, so nothing stands at a path in it' };
  }
  const compiled = compilePath(path);
  const reading = compiled.ok ? compiled.value.read(json) : undefined;
  return { value: reading?.found === true ? reading.value : undefined };
}

function compareHeader({ prepared, redactor }: SentQuestion, expected: ExpectedHeader): Difference | undefined {
  const name = expected.name.value;
  const found = prepared.request.headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
  return compareValue({
    kind: 'header',
    subject: `header ${name}`,
    expected: expected.value,
    actual: found,
    range: expected.range,
    element: { name: 'header', attributes: [['name', name]] },
    redactor,
  });
}

function compareBody({ expected: { body: expected }, prepared, redactor }: SentQuestion): Difference | undefined {
  if (expected === undefined) return undefined;
  const actual = bodyText(prepared.request);
  if (actual === expected.value || isSameJson(expected.value, actual)) return undefined;
  const shown = redactor.redact(actual);
  return {
    kind: 'body',
    subject: 'body',
    expected: layOut(redactor.redact(expected.value)),
    actual: layOut(shown),
    range: expected.range,
    hint: undefined,
    correction: shown === actual ? { kind: 'element', range: expected.range, element: bodyElement(actual) } : undefined,
  };
}

/** A `<body>` that expects this text; JSON on several lines. */
export function bodyElement(text: string): NewElement {
  return { name: 'body', attributes: [], text: layOut(text) };
}

/** The body as text; empty when there is none. */
export function bodyText({ body }: Pick<CallRequest, 'body'>): string {
  if (isStreamed(body)) return body.shown;
  return typeof body === 'string' ? body : Buffer.from(body ?? new Uint8Array()).toString('utf8');
}

function isSameJson(expected: string, actual: string): boolean {
  const json = readExactJson(expected);
  return json !== undefined && isDeepStrictEqual(json, readExactJson(actual));
}

/** JSON on several lines, so that a difference can be seen; other texts as they are. */
function layOut(text: string): string {
  const json = readExactJson(text);
  return typeof json === 'object' ? JSON.stringify(json, null, 2) : text;
}
