import { didYouMean } from '../../core/suggestion.ts';
import type { XmlDocument, XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { quoted } from '../../xml/problem.ts';
import type { DiagnosticLog } from '../diagnostic-log.ts';

/** The types of coreBOS maps that can be read. */
export const LEGACY_MAP_TYPES = [
  'webservice',
  'condition-expression',
  'condition-query',
  'decision-table',
  'mapping',
  'record-set',
  'information-map',
] as const;

export type LegacyMapType = (typeof LEGACY_MAP_TYPES)[number];

/** What coreBOS itself calls some of the types, letters only. */
const OTHER_NAMES: Readonly<Record<string, LegacyMapType>> = {
  webservicemapping: 'webservice',
  map: 'webservice',
  moduletomodulemapping: 'mapping',
  recordsetmapping: 'record-set',
  information: 'information-map',
};

/** The type that somebody names, as `condition-query` or as coreBOS writes it: `Condition Query`, `DecisionTable`. */
export function legacyMapType(name: string): LegacyMapType | undefined {
  const letters = lettersOf(name);
  return LEGACY_MAP_TYPES.find((type) => lettersOf(type) === letters) ?? OTHER_NAMES[letters];
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/gu, '');
}

/**
 * The text with an instruction behind its end that says of which type the map is, so that no place in it moves. What is no
 * coreBOS document stays as it is.
 */
export function withMapType(text: string, type: LegacyMapType): string {
  const { root } = parseXml(text);
  if (root === undefined || root.namespace !== '' || (root.name !== 'map' && root.name !== 'decision')) return text;
  return `${text.trimEnd()}\n<?mapwright type="${type}"?>\n`;
}

/** The type that an instruction forces; undefined when none does. Another word is COREBOS_TYPE_UNKNOWN. */
export function forcedMapType({ instructions }: XmlDocument, log: DiagnosticLog): LegacyMapType | undefined {
  for (const { target, data, range } of instructions.toReversed()) {
    const written = target === 'mapwright' ? /(?:^|\s)type=(["'])(.*?)\1/u.exec(data)?.[2] : undefined;
    if (written === undefined) continue;
    const type = legacyMapType(written);
    if (type !== undefined) return type;
    const hint = didYouMean(written, LEGACY_MAP_TYPES) ?? `one of ${LEGACY_MAP_TYPES.join(', ')}`;
    log.error({ code: 'COREBOS_TYPE_UNKNOWN', message: `${quoted(written)} is no type of map`, range, hint });
  }
  return undefined;
}

/** The type of a coreBOS document as its structure tells it; undefined when it could be anything. */
export function typeOfStructure(root: XmlElement): LegacyMapType | undefined {
  if (root.name === 'decision') return 'decision-table';
  const names = new Set(root.children.map(({ name }) => name));
  const holds = (...any: readonly string[]): boolean => any.some((name) => names.has(name));
  if (holds('wsconfig')) return 'webservice';
  if (holds('decision', 'hitPolicy')) return 'decision-table';
  if (holds('records')) return 'record-set';
  if (holds('information')) return 'information-map';
  if (holds('targetmodule')) return 'mapping';
  if (holds('sql', 'conditions')) return 'condition-query';
  return holds('expression', 'template', 'function') ? 'condition-expression' : undefined;
}
