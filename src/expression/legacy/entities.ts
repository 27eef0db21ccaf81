/** The names of U+00A0 to U+00FF, in order. */
const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave ' +
  'Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc ' +
  'Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc ' +
  'iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

/** The other entities of HTML 4.01 (section 24), each with its character. */
const OTHERS =
  'OElig:Œ oelig:œ Scaron:Š scaron:š Yuml:Ÿ fnof:ƒ circ:ˆ tilde:˜ Alpha:Α Beta:Β Gamma:Γ Delta:Δ Epsilon:Ε Zeta:Ζ Eta:Η ' +
  'Theta:Θ Iota:Ι Kappa:Κ Lambda:Λ Mu:Μ Nu:Ν Xi:Ξ Omicron:Ο Pi:Π Rho:Ρ Sigma:Σ Tau:Τ Upsilon:Υ Phi:Φ Chi:Χ Psi:Ψ Omega:Ω ' +
  'alpha:α beta:β gamma:γ delta:δ epsilon:ε zeta:ζ eta:η theta:θ iota:ι kappa:κ lambda:λ mu:μ nu:ν xi:ξ omicron:ο pi:π rho:ρ ' +
  'sigmaf:ς sigma:σ tau:τ upsilon:υ phi:φ chi:χ psi:ψ omega:ω thetasym:ϑ upsih:ϒ piv:ϖ ensp:\u2002 emsp:\u2003 thinsp:\u2009 ' +
  'zwnj:\u200c zwj:\u200d lrm:\u200e rlm:\u200f ndash:– mdash:— lsquo:‘ rsquo:’ sbquo:‚ ldquo:“ rdquo:” bdquo:„ dagger:† ' +
  'Dagger:‡ bull:• hellip:… permil:‰ prime:′ Prime:″ lsaquo:‹ rsaquo:› oline:‾ frasl:⁄ euro:€ image:ℑ weierp:℘ real:ℜ trade:™ ' +
  'alefsym:ℵ larr:← uarr:↑ rarr:→ darr:↓ harr:↔ crarr:↵ lArr:⇐ uArr:⇑ rArr:⇒ dArr:⇓ hArr:⇔ forall:∀ part:∂ exist:∃ empty:∅ ' +
  'nabla:∇ isin:∈ notin:∉ ni:∋ prod:∏ sum:∑ minus:− lowast:∗ radic:√ prop:∝ infin:∞ ang:∠ and:∧ or:∨ cap:∩ cup:∪ int:∫ ' +
  'there4:∴ sim:∼ cong:≅ asymp:≈ ne:≠ equiv:≡ le:≤ ge:≥ sub:⊂ sup:⊃ nsub:⊄ sube:⊆ supe:⊇ oplus:⊕ otimes:⊗ perp:⊥ sdot:⋅ ' +
  'lceil:⌈ rceil:⌉ lfloor:⌊ rfloor:⌋ lang:\u2329 rang:\u232a loz:◊ spades:♠ clubs:♣ hearts:♥ diams:♦';

const CHARACTERS = new Map<string, string>([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ...LATIN_1.split(' ').map((name, index): [string, string] => [name, String.fromCharCode(0xa0 + index)]),
  // Split at blanks alone: some of the characters are blanks of another kind.
  ...OTHERS.split(' ').map((pair): [string, string] => [
    pair.slice(0, pair.indexOf(':')),
    pair.slice(pair.indexOf(':') + 1),
  ]),
]);

const NAMES = new Map([...CHARACTERS].map(([name, character]) => [character, name]));
const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,15}));/gu;

/** Text whose entities were replaced, with the way back to the places in the original. */
export interface DecodedText {
  readonly text: string;
  /** The offset in the original of the character at `offset` of `text`. */
  sourceOffset(offset: number): number;
}

/** Replaces HTML entities once: numeric ones and the names of HTML 4.01; what is not an entity stays. */
export function decodeEntities(text: string): string {
  return decodeWithOffsets(text).text;
}

/** As `decodeEntities`, keeping track of places. */
export function decodeWithOffsets(source: string): DecodedText {
  if (!source.includes('&')) return { text: source, sourceOffset: (offset) => offset };
  /** From each place in the result on, how much further the original is. */
  const shifts: { readonly from: number; readonly by: number }[] = [{ from: 0, by: 0 }];
  let text = '';
  let end = 0;
  for (const match of source.matchAll(ENTITY)) {
    const [entity, decimal, hex, name] = match;
    const character = name === undefined ? numericCharacter(decimal, hex) : CHARACTERS.get(name);
    if (character === undefined) continue;
    text += source.slice(end, match.index) + character;
    end = match.index + entity.length;
    shifts.push({ from: text.length, by: end - text.length });
  }
  text += source.slice(end);
  return { text, sourceOffset: (offset) => offset + shiftAt(shifts, offset) };
}

/** The shift of the last place at or before `offset`, found by halving. */
function shiftAt(shifts: readonly { readonly from: number; readonly by: number }[], offset: number): number {
  let low = 0;
  let high = shifts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((shifts[middle]?.from ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return shifts[low]?.by ?? 0;
}

function numericCharacter(decimal: string | undefined, hex: string | undefined): string | undefined {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const allowed =
    code === 9 || code === 10 || code === 13 || (code >= 32 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff);
  return allowed ? String.fromCodePoint(code) : undefined;
}

/** PHP's htmlspecialchars with ENT_QUOTES. */
export function encodeSpecialCharacters(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => (character === "'" ? '&#039;' : `&${NAMES.get(character) ?? ''};`));
}

/** PHP's htmlentities with ENT_QUOTES: as htmlspecialchars, and every character that has a name. */
export function encodeEntities(text: string): string {
  return encodeSpecialCharacters(text).replace(/[^\u0000-\u007f]/gu, (character) => {
    const name = NAMES.get(character);
    return name === undefined ? character : `&${name};`;
  });
}
