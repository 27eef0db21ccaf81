import {
  type Escape,
  escapeFormValue,
  escapeJsonString,
  escapePathSegment,
  escapeQueryValue,
  escapeXmlText,
  noEscape,
  refuseLineBreaks,
} from '../../../src/expression/escape.ts';
import type { TemplateKind } from '../../../src/expression/template.ts';
import { parseXml } from '../../../src/xml/parse.ts';

/** Where values may be put, and how whoever receives the text takes them out again. */
interface TemplatePlace {
  readonly kind: TemplateKind;
  readonly escape: Escape;
  /** Each `*` is a value. */
  readonly frame: string;
  /** True when half of a surrogate pair can be written there. */
  readonly keepsHalves: boolean;
  /** The values as the receiver reads them; anything else when the text is not of the frame's form. */
  readonly read: (filled: string) => unknown;
}

const ORIGIN = 'https://b.example';

export const PLACES = {
  path: {
    kind: 'path',
    escape: escapePathSegment,
    frame: '/v1/*/orders/*/*',
    keepsHalves: false,
    read: (filled) => {
      const { pathname, search, hash, origin } = new URL(ORIGIN + filled);
      const segments = pathname.split('/');
      if (search !== '' || hash !== '' || origin !== ORIGIN || segments.length !== 6) return pathname + search + hash;
      return [2, 4, 5].map((index) => decodeURIComponent(segments[index] ?? ''));
    },
  },
  query: {
    kind: 'path',
    escape: escapeQueryValue,
    frame: '/orders?a=*&b=*&c=*',
    keepsHalves: false,
    read: (filled) => readForm(new URL(ORIGIN + filled).search.slice(1)),
  },
  form: { kind: 'text', escape: escapeFormValue, frame: 'a=*&b=*&c=*', keepsHalves: false, read: readForm },
  json: {
    kind: 'text',
    escape: escapeJsonString,
    frame: '{ "a": "*", "list": ["*"], "b": { "c": "x*y" } }',
    keepsHalves: true,
    read: (filled) => {
      const { a, list, b } = JSON.parse(filled) as { a: string; list: string[]; b: { c: string } };
      return [a, ...list, b.c.slice(1, -1)];
    },
  },
  xml: {
    kind: 'text',
    escape: escapeXmlText,
    frame: '<a b="*"><c>*</c><d e=\'*\'/></a>',
    keepsHalves: true,
    read: (filled) => {
      const { root, problem } = parseXml(filled);
      if (root === undefined) return problem;
      const [c, d] = root.children;
      return [root.attributes.get('b')?.value, c?.text().value, d?.attributes.get('e')?.value];
    },
  },
  header: {
    kind: 'text',
    escape: refuseLineBreaks,
    frame: '*',
    keepsHalves: true,
    read: (filled) => (/[\r\n\0]/u.test(filled) ? filled : [filled]),
  },
  text: { kind: 'text', escape: noEscape, frame: '*', keepsHalves: true, read: (filled) => [filled] },
} satisfies Readonly<Record<string, TemplatePlace>>;

export type PlaceName = keyof typeof PLACES;

export function isPlaceName(name: string): name is PlaceName {
  return Object.hasOwn(PLACES, name);
}

function readForm(text: string): unknown {
  const pairs = [...new URLSearchParams(text)];
  return pairs.map(([name]) => name).join('') === 'abc' ? pairs.map(([, value]) => value) : pairs;
}
