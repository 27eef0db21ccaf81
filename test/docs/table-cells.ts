import assert from 'node:assert/strict';
import { MapwrightError } from '../../src/core/error.ts';
import type { Json } from '../../src/core/json.ts';
import type { TemplateEnvironment } from '../../src/expression/environment.ts';
import { codeIn } from './page.ts';

/** What a cell "gives" promises: a text, or that a thing cannot be compiled or fails, with the code. */
export type Promised =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fails' | 'does not compile'; readonly code: string };

/** Reads a cell "gives": `` `text` ``, `` fails: `CODE` `` or `` does not compile: `CODE` ``. */
export function promisedIn(cell: string, at: string): Promised {
  const failure = /^(fails|does not compile): (`[A-Z_]+`)$/u.exec(cell);
  if (failure === null) return { kind: 'text', text: codeIn(cell, at) };
  return { kind: failure[1] as 'fails' | 'does not compile', code: codeIn(failure[2] ?? '', at) };
}

/** Saturday 2026-03-14T10:20:30Z: the time at which every row of a page is evaluated. */
export const NOW = Date.UTC(2026, 2, 14, 10, 20, 30);

/** What a cell "with" says: `` `record.name = "Anna"; setting.url = "x"` ``, by root. The values are JSON. */
export function valuesIn(cell: string, at: string): Readonly<Record<string, Readonly<Record<string, Json>>>> {
  const values: Record<string, Record<string, Json>> = {};
  if (cell === '') return values;
  for (const one of codeIn(cell, at).split(/; (?=[a-z]+[.] ?)/u)) {
    const [, root = '', name = '', json = ''] =
      /^([a-z]+)\.([\w.]+) = (.+)$/u.exec(one) ?? assert.fail(`${at}: "${one}" is not "root.name = JSON"`);
    (values[root] ??= {})[name] = JSON.parse(json) as Json;
  }
  return values;
}

/** The values of a cell as templates and expressions see them. */
export function environmentOf(cell: string, at: string): TemplateEnvironment {
  const given = valuesIn(cell, at);
  const { record = {}, previous = {}, context = {}, setting = {}, response } = given;
  const answer = { status: 200, headers: {}, text: '', body: response?.['body'] };
  return {
    values: {
      record,
      previous,
      changed: Object.keys(previous).filter((name) => previous[name] !== record[name]),
      context,
      setting,
      input: {},
      user: { id: '19x1' },
      run: { id: 7, workflow: 'order-shipped', initiator: '19x1', depth: 0 },
      ...(response === undefined ? {} : { response: answer }),
      ...(given['item'] === undefined ? {} : { item: given['item'] }),
    },
    ambience: { now: NOW, timeZone: 'Europe/Berlin', seed: 'page' },
    parameter: (name) => given['parameter']?.[name],
    secret: (name) => textOf(given['secret']?.[name]),
    step: { key: 'mw-1-7-send' },
    related: given['related'] ?? {},
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What became of a row: its text, or the code of its failure. */
export async function outcomeOf(evaluate: () => Promise<string>): Promise<Promised> {
  try {
    return { kind: 'text', text: await evaluate() };
  } catch (thrown) {
    assert.ok(thrown instanceof MapwrightError, String(thrown));
    return { kind: 'fails', code: thrown.code };
  }
}

/** A value as the pages write it: JSON, and `nothing` where there is none. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  return JSON.stringify(value);
}
