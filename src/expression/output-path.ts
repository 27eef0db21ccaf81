import { isJsonObject, type Json } from '../core/json.ts';
import type { CompileResult } from './compiled.ts';

/** What reading a path gives; `missingAt` is the path as far as the first part that is not there. */
export type PathReading =
  | { readonly found: true; readonly value: Json }
  | { readonly found: false; readonly missingAt: string };

/** A path into a value, ready to be read any number of times. */
export interface PathReader {
  readonly text: string;
  /** The names and list indexes, in order. */
  readonly segments: readonly string[];
  read(value: Json): PathReading;
}

interface Segment {
  readonly name: string;
  /** The offset after it. */
  readonly end: number;
}

const NAME = /[^.[\]'"\s](?:[^.[\]'"]*[^.[\]'"\s])?/uy;
const INDEX = /\[(0|[1-9]\d{0,8})\]/uy;
const QUOTED = /\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/suy;

/** Compiles a strict path: `result.0.id`, `error-code`, `links['self.href']`, `rows[2].no`. Problem: PATH_SYNTAX. */
export function compilePath(text: string): CompileResult<PathReader> {
  const segments: Segment[] = [];
  let at = 0;
  while (at < text.length || segments.length === 0) {
    const segment = segmentAt(text, at, segments.length === 0);
    if (segment === undefined) return syntaxProblem(text, at);
    segments.push(segment);
    at = segment.end;
  }
  const names = segments.map((segment) => segment.name);
  return { ok: true, value: { text, segments: names, read: (value) => readPath(value, text, segments) }, warnings: [] };
}

function segmentAt(text: string, at: number, first: boolean): Segment | undefined {
  if (text[at] === '[') {
    const index = matchAt(INDEX, text, at);
    if (index?.[1] !== undefined) return { name: index[1], end: at + index[0].length };
    const quoted = matchAt(QUOTED, text, at);
    const inner = quoted?.[1] ?? quoted?.[2];
    return quoted === null || inner === undefined
      ? undefined
      : { name: inner.replace(/\\(.)/gsu, '$1'), end: at + quoted[0].length };
  }
  if (!first && text[at] !== '.') return undefined;
  const start = first ? at : at + 1;
  const name = matchAt(NAME, text, start)?.[0];
  return name === undefined ? undefined : { name, end: start + name.length };
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

function syntaxProblem(text: string, at: number): CompileResult<PathReader> {
  return {
    ok: false,
    problem: {
      code: 'PATH_SYNTAX',
      message: text === '' ? 'the path is empty' : 'this is not a path',
      hint: "write names and list indexes with dots between them: result.0.id, links['self.href']",
      offset: at,
      length: Math.min(1, text.length - at),
    },
  };
}

function readPath(start: Json, text: string, segments: readonly Segment[]): PathReading {
  let value = start;
  for (const { name, end } of segments) {
    const next = memberOf(value, name);
    if (next === undefined) return { found: false, missingAt: text.slice(0, end) };
    value = next;
  }
  return { found: true, value };
}

/** A member of a value: own names of objects, canonical indexes of lists; undefined when there is none. */
export function memberOf(value: Json, name: string): Json | undefined {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d{0,8})$/u.test(name) ? value[Number(name)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
