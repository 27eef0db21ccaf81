import type { SourceText } from '../../core/diagnostic.ts';
import { joinSources, sliceSource, trimSource } from '../../xml/source-text.ts';
import type { Parameter } from '../map.ts';
import { childPlaces, type Place } from '../place.ts';
import { openLegacy } from './legacy-element.ts';

const WS_HEADER = { children: ['header'], many: ['header'] } as const;
const HEADER = { children: 'any' } as const;

/**
 * The headers of `wsheader`. The texts of a header's children are joined with `:` as in the original; the name ends at the
 * first `:`. Empty pairs are ignored.
 */
export function readHeaders(place: Place): Parameter[] {
  return openLegacy(place, WS_HEADER).children.flatMap(readHeader);
}

function readHeader(place: Place): Parameter[] {
  openLegacy(place, HEADER);
  const [first, ...rest] = childPlaces(place).map((child) => child.element.text());
  if (first === undefined) return [];
  const line = joinSources(first, rest, ':');
  const colon = line.value.indexOf(':');
  const name = trimSource(sliceSource(line, 0, colon === -1 ? line.value.length : colon));
  const text = trimSource(sliceSource(line, colon === -1 ? line.value.length : colon + 1));
  if (name.value === '') {
    if (text.value !== '') place.warningAt(text, 'COREBOS_HEADER_UNNAMED', 'a header without a name is not sent');
    return [];
  }
  return [headerParameter(place, name, text)];
}

function headerParameter(place: Place, name: SourceText, text: SourceText): Parameter {
  return {
    name: name.value,
    in: 'header',
    source: { kind: 'legacy-text', text },
    each: undefined,
    type: undefined,
    encode: undefined,
    whenEmpty: undefined,
    required: false,
    defaultValue: undefined,
    description: undefined,
    sensitive: false,
    range: place.element.range,
    path: place.path,
  };
}

/** What the Content-type header says, when it stands there literally. */
export function literalContentType(headers: readonly Parameter[]): string | undefined {
  const header = headers.findLast((candidate) => candidate.name.toLowerCase() === 'content-type');
  if (header?.source.kind !== 'legacy-text') return undefined;
  const text = header.source.text.value;
  return text === '' || /get(?:Context|Setting|GlobalVariable)\(/u.test(text) ? undefined : text;
}
