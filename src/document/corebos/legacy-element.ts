import type { SourceText } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { quoted } from '../../xml/problem.ts';
import { trimSource } from '../../xml/source-text.ts';
import { childPlaces, type Place } from '../place.ts';

/** Every element name of the dialect: one that stands elsewhere than it should is called misplaced, not unknown. */
const ALL_NAMES: ReadonlySet<string> = new Set([
  'originmodule',
  'originid',
  'originname',
  'wsconfig',
  'wsurl',
  'wshttpmethod',
  'methodname',
  'wstype',
  'inputtype',
  'outputtype',
  'wsuser',
  'wspass',
  'wsheader',
  'header',
  'keyname',
  'keyvalue',
  'cert',
  'certtype',
  'certinsecure',
  'wsresponsetime',
  'wsproxyhost',
  'wsproxyport',
  'fields',
  'field',
  'fieldname',
  'value',
  'master',
  'Orgfields',
  'Orgfield',
  'OrgfieldName',
  'OrgfieldID',
  'postProcess',
  'Relfield',
  'RelfieldName',
  'RelModule',
  'linkfield',
  'Relfieldvalue',
  'delimiter',
  'Response',
  'destination',
  'context',
]);

/** What an element of the dialect may hold. Everything else is read over with a warning. */
export interface LegacyShape {
  /** Known children; `any` where the original looks at position only. */
  readonly children: readonly string[] | 'any';
  /** Children that may stand more than once. */
  readonly many?: readonly string[];
  /** True: the element holds text of its own. */
  readonly text?: boolean;
}

/** An element of the dialect, its oddities told as warnings. */
export interface LegacyElement {
  readonly at: Place;
  readonly children: readonly Place[];
  /** The last child of this name: what counts in the original. */
  child(name: string): Place | undefined;
  all(name: string): readonly Place[];
  /** The text of a child without blanks around it; undefined when absent or empty. */
  filled(name: string): SourceText | undefined;
}

/** Opens an element of the coreBOS dialect. Tells warnings only. */
export function openLegacy(at: Place, shape: LegacyShape): LegacyElement {
  warnOfAttributes(at);
  if (shape.text !== true) warnOfText(at);
  const places = childPlaces(at);
  const children = shape.children === 'any' ? places : knownChildren(at, places, shape.children);
  warnOfRepetition(at, children, shape);
  const child = (name: string): Place | undefined => children.findLast((candidate) => candidate.name === name);
  return {
    at,
    children,
    child,
    all: (name) => children.filter((candidate) => candidate.name === name),
    filled(name) {
      const text = child(name)?.element.text();
      const trimmed = text === undefined ? undefined : trimSource(text);
      return trimmed?.value === '' ? undefined : trimmed;
    },
  };
}

function knownChildren(at: Place, places: readonly Place[], known: readonly string[]): readonly Place[] {
  return places.filter((place) => {
    const fits = known.includes(place.name) && place.element.namespace === '';
    if (!fits) warnOfChild(at, place, known);
    return fits;
  });
}

function warnOfChild(at: Place, place: Place, known: readonly string[]): void {
  const misplaced = ALL_NAMES.has(place.name);
  const hint = misplaced || at.log.full ? undefined : didYouMean(place.name, known);
  at.log.warning({
    code: misplaced ? 'COREBOS_ELEMENT_MISPLACED' : 'DOCUMENT_ELEMENT_UNKNOWN',
    message: `<${place.name.slice(0, 60)}> in <${at.name.slice(0, 60)}> has no effect`,
    range: place.element.nameRange,
    path: place.path,
    ...(hint === undefined ? {} : { hint }),
  });
}

function warnOfAttributes(at: Place): void {
  for (const attribute of at.element.attributes.values()) {
    if (attribute.namespace !== '') continue;
    const range = attribute.nameRange;
    at.warningAt({ range }, 'DOCUMENT_ATTRIBUTE_UNKNOWN', `the attribute ${quoted(attribute.name)} has no effect`);
  }
}

function warnOfText(at: Place): void {
  const text = at.element.text();
  if (text.value.trim() === '') return;
  at.warningAt(trimSource(text), 'DOCUMENT_TEXT_UNEXPECTED', `text in <${at.name.slice(0, 60)}> has no effect`);
}

function warnOfRepetition(at: Place, children: readonly Place[], shape: LegacyShape): void {
  if (shape.children === 'any' || children.length < 2) return;
  const seen = new Set<string>();
  for (const { name, element, path } of children) {
    if (seen.has(name) && shape.many?.includes(name) !== true) {
      const message = `<${name}> stands in <${at.name}> more than once; the last one counts`;
      at.log.warning({ code: 'DOCUMENT_ELEMENT_REPEATED', message, range: element.nameRange, path });
    }
    seen.add(name);
  }
}
