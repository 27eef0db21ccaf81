import type { SourceText } from '../../core/diagnostic.ts';
import { trimSource } from '../../xml/source-text.ts';
import type { ParameterSource, RelatedPart } from '../map.ts';
import type { Place } from '../place.ts';
import { openLegacy } from './legacy-element.ts';

const RELFIELD = { children: ['RelfieldName', 'RelModule', 'linkfield', 'Relfieldvalue', 'delimiter'] } as const;

/** A field name, or a text between quotes; a comma or the end follows. */
const PART = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/suy;

/**
 * A `<Relfield>`: values of the record that `linkfield` leads to. Undefined after COREBOS_RELFIELD_INCOMPLETE, a warning:
 * such a field is left out.
 */
export function readRelfield(place: Place): Extract<ParameterSource, { kind: 'related' }> | undefined {
  const open = openLegacy(place, RELFIELD);
  const link = open.filled('linkfield');
  const list = open.filled('Relfieldvalue');
  const name = open.filled('RelfieldName');
  const parts = list?.value.includes(',') === true ? readList(list) : readName(name);
  if (link !== undefined && parts.length > 0) return { kind: 'related', link, module: open.filled('RelModule'), parts };
  place.warningAt(
    { range: place.element.nameRange },
    'COREBOS_RELFIELD_INCOMPLETE',
    `<Relfield> says ${link === undefined ? 'by no linkfield where to look' : 'by no RelfieldName what to take'}; the field is not sent`,
    'write <linkfield>account_id</linkfield><RelModule>Accounts</RelModule><RelfieldName>accountname</RelfieldName>',
  );
  return undefined;
}

function readName(name: SourceText | undefined): RelatedPart[] {
  return name === undefined ? [] : [{ kind: 'field', text: trimSource(name).value }];
}

/** `firstname,' ',lastname`: quotes keep blanks and commas. */
function readList({ value }: SourceText): RelatedPart[] {
  const parts: RelatedPart[] = [];
  for (let at = 0; at < value.length;) {
    PART.lastIndex = at;
    const match = PART.exec(value);
    if (match === null) break;
    at = Math.max(at + 1, PART.lastIndex);
    const literal = match[1] ?? match[2];
    const field = match[3]?.trim() ?? '';
    if (literal !== undefined) parts.push({ kind: 'literal', text: literal.replaceAll(/\\(.)/gsu, '$1') });
    else if (field !== '') parts.push({ kind: 'field', text: field });
  }
  return parts;
}
