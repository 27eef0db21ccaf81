import type { RecordedAnswer, RecordedRequest } from '../../core/step.ts';
import { renderTable } from '../table.ts';
import { fold, oneLine } from '../text-layout.ts';
import { renderBody, renderBytes } from './body.ts';

/** How an exchange is shown. */
export interface ExchangeView {
  readonly width: number;
  readonly headers: boolean;
  readonly maxBodyLines: number;
}

const INDENT = '  ';

/** A request: method and address, headers, where each parameter came from, body. */
export function renderRequest(request: RecordedRequest, view: ExchangeView): string[] {
  const inner = view.width - INDENT.length;
  return [
    ...foldHanging(oneLine(`${request.method} ${request.url}`), view.width),
    ...indent([
      ...(view.headers ? renderHeaders(request.headers, inner) : []),
      ...renderParameters(request, inner),
      ...(request.body === undefined ? [] : renderBody(request.body, { width: inner, maxLines: view.maxBodyLines })),
    ]),
  ];
}

/** An answer: status, time, kind and size on one line, then headers and body. */
export function renderAnswer(answer: RecordedAnswer, view: ExchangeView): string[] {
  const inner = view.width - INDENT.length;
  const type = answer.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const facts = [
    `${answer.status}`,
    `${Math.round(answer.durationMs)} ms`,
    ...(type === undefined ? [] : [oneLine(type)]),
    answer.body === undefined ? 'no body' : renderBytes(answer.body.bytes),
  ];
  return [
    facts.join('   '),
    ...indent([
      ...(view.headers ? renderTimings(answer.timings) : []),
      ...(view.headers ? renderHeaders(answer.headers, inner) : []),
      ...(answer.body === undefined ? [] : renderBody(answer.body, { width: inner, maxLines: view.maxBodyLines })),
    ]),
  ];
}

/** Where the time of a call went: `DNS 2 ms   connect 5 ms   TLS 20 ms   first byte 48 ms   total 90 ms`. */
export function renderTimings(timings: RecordedAnswer['timings']): string[] {
  if (timings === undefined) return [];
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = timings;
  const parts = [
    ['DNS', dnsMs],
    ['connect', connectMs],
    ['TLS', tlsMs],
    ['first byte', firstByteMs],
    ['total', totalMs],
  ] as const;
  const told = parts.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${Math.round(ms)} ms`]));
  return [connectMs === undefined ? ['connection kept', ...told].join('   ') : told.join('   ')];
}

function renderHeaders(headers: RecordedRequest['headers'], width: number): string[] {
  return headers.flatMap(([name, value]) => foldHanging(oneLine(`${name}: ${value}`), width));
}

function renderParameters(request: RecordedRequest, width: number): string[] {
  if (request.parameters.length === 0) return [];
  const columns = [{ title: 'parameter' }, { title: 'from' }, { title: 'value', gives: true }];
  const rows = request.parameters.map(({ name, source, value }) => [name, source, value === '' ? '(empty)' : value]);
  return renderTable(columns, rows, width);
}

/** Folded, with the lines after the first set in. */
export function foldHanging(text: string, width: number): string[] {
  const [first = '', ...rest] = fold(text, width - INDENT.length);
  return [first, ...indent(rest)];
}

/** The lines, two columns to the right. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : INDENT + line));
}
