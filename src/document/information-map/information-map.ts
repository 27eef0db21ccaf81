import type { DocumentHead } from '../common.ts';
import { readLegacyHead } from '../corebos/document-head.ts';
import { openLegacy } from '../corebos/legacy-element.ts';
import type { Place } from '../place.ts';

/** A list of values under a name, such as the holidays of a year; coreBOS dialect. */
export interface InformationMapDocument extends DocumentHead {
  readonly kind: 'information-map';
  /** What the values are: `Holidays`. */
  readonly infoTypes: readonly string[];
  /** In the order of the text, without blanks around them. */
  readonly values: readonly string[];
}

const MAP = { children: ['information'], many: ['information'] } as const;
const INFORMATION = { children: ['infotype', 'value'], many: ['infotype', 'value'] } as const;

/** An information map; undefined when it has no name. */
export function readInformationMap(place: Place): InformationMapDocument | undefined {
  const head = readLegacyHead(place);
  const lists = openLegacy(place, MAP).children.map((one) => openLegacy(one, INFORMATION));
  const texts = (name: string): string[] =>
    lists.flatMap((list) => list.all(name).map((one) => one.element.text().value.trim()));
  if (head === undefined) return undefined;
  return { kind: 'information-map', ...head, infoTypes: texts('infotype'), values: texts('value') };
}
