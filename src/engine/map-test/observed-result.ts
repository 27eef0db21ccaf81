import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Redactor } from '../../core/redactor.ts';
import { readExactJson } from '../../core/json-text.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import type { PreparedCall } from '../request/prepared-call.ts';
import type { PlainTrial } from '../try-map.ts';
import { writtenBy, writtenElement } from './compare-outcome.ts';
import { bodyElement, bodyText, pathOf } from './compare-sent.ts';
import { type NewElement, valueAttributes } from './difference.ts';

/** More places inside one parameter than this are written as one text. */
const MAX_PLACES = 40;

/** Expectations that say exactly what happened, for a case that has none yet. Secrets are left out. */
export function observedResult(trial: PlainTrial): NewElement[] {
  const { prepared, failure, redactor } = trial;
  return [
    ...(prepared === undefined ? [] : [sentElement(prepared, redactor)]),
    ...writtenBy(trial).map((written) => writtenElement(written, redactor)),
    ...(failure === undefined ? [] : [{ name: 'failed', attributes: [['code', failure.code] as const] }]),
  ];
}

function sentElement(prepared: PreparedCall, redactor: Redactor): NewElement {
  const { request, parameters } = prepared;
  const body = bodyText(request);
  const path = pathOf(request, parameters.length === 0);
  const children = parameters.flatMap((parameter) => parameterElements(parameter, redactor));
  // A body that no parameter makes is known by its text alone.
  const isWritten = parameters.length === 0 && body !== '' && redactor.redact(body) === body;
  return {
    name: 'sent',
    attributes: [['method', request.method], ...(redactor.redact(path) === path ? [['path', path] as const] : [])],
    children: isWritten ? [bodyElement(body)] : children,
  };
}

function parameterElements(
  { name, value }: PreparedCall['parameters'][number],
  redactor: Redactor,
): readonly NewElement[] {
  const element = (path: string | undefined, text: string | null): NewElement => ({
    name: 'parameter',
    attributes: [
      ['name', name],
      ...(path === undefined ? [] : [['path', path] as const]),
      ...valueAttributes(text, redactor.redact(text ?? '')),
    ],
  });
  const json = /^\s*[[{]/u.test(value) ? readExactJson(value) : undefined;
  const places = json === undefined ? [] : leavesOf(json, '');
  if (places.length === 0 || places.length > MAX_PLACES) return [element(undefined, value)];
  return places.map(({ path, leaf }) => element(path, leaf === null ? null : toPlainText(leaf)));
}

interface Leaf {
  readonly path: string;
  readonly leaf: Json;
}

/** Every value that is no list or object, or an empty one, with its path. */
function leavesOf(value: Json, path: string): Leaf[] {
  const entries: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((item: Json, index) => [String(index), item])
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  if (entries.length === 0) return path === '' ? [] : [{ path, leaf: value }];
  return entries.flatMap(([name, inner]) => leavesOf(inner, joinPath(path, name)));
}

function joinPath(path: string, name: string): string {
  if (!/^[\p{L}\p{N}_-]+$/u.test(name)) return `${path}['${name.replaceAll(/['\\]/gu, String.raw`\$&`)}']`;
  return path === '' ? name : `${path}.${name}`;
}
