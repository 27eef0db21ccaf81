import type { ModuleDefinition } from '../core/module.ts';
import { type ParsedQuery, parseQuery } from './query-parser.ts';

const MOST_QUERIES = 256;
/** A longer text is rarely sent twice, and costs memory. */
const LONGEST_TEXT = 2_000;

/** What has been read, as long as the modules are the ones it was read for. */
const known = new WeakMap<ReadonlyMap<string, ModuleDefinition>, Map<string, ParsedQuery>>();

/** As `parseQuery`; clients ask the same again and again, so what a text means is remembered. */
export function parseQueryOnce(text: string, modules: ReadonlyMap<string, ModuleDefinition>): ParsedQuery {
  if (text.length > LONGEST_TEXT) return parseQuery(text, modules);
  const queries = known.get(modules) ?? new Map<string, ParsedQuery>();
  const earlier = queries.get(text);
  if (earlier !== undefined) return earlier;
  const parsed = parseQuery(text, modules);
  if (queries.size >= MOST_QUERIES) queries.clear();
  known.set(modules, queries.set(text, parsed));
  return parsed;
}
