import { isUtf8 } from 'node:buffer';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { declaredEncoding } from '../xml/prolog.ts';
import type { PictureType } from './pack.ts';

/** Greatest size of a picture in bytes. */
export const MAX_PICTURE_BYTES = 256 * 1024;

/** What a picture is, or why it is not taken. */
export type InspectedPicture =
  | { readonly type: PictureType; readonly base64: string; readonly refusal?: undefined }
  | { readonly refusal: string; readonly hint: string; readonly type?: undefined };

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** Looks at a picture in base64: PNG, or SVG that does nothing but show. */
export function inspectPicture(base64: string): InspectedPicture {
  const tooLarge = { refusal: 'it is larger than 256 KiB', hint: 'make it smaller: logos are shown small' };
  if (base64.length > Math.ceil(MAX_PICTURE_BYTES / 3) * 4) return tooLarge;
  if (base64 === '' || !BASE64.test(base64)) {
    return { refusal: 'it is not base64', hint: 'put a png or svg file beside pack.xml; the import takes it in' };
  }
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > MAX_PICTURE_BYTES) return tooLarge;
  if (bytes.subarray(0, PNG.length).equals(PNG)) return { type: 'image/png', base64 };
  // Read as a browser reads it: what is written in another way might say something else there.
  const text = isUtf8(bytes) ? bytes.toString('utf8') : '';
  const encoding = declaredEncoding(text) ?? 'utf-8';
  const refusal = encoding === 'utf-8' ? refusalOfSvg(text) : `it is written in ${encoding.slice(0, 40)}, not in UTF-8`;
  if (refusal === undefined) return { type: 'image/svg+xml', base64 };
  return { refusal, hint: 'take a png, or an svg of plain shapes' };
}

const SVG = 'http://www.w3.org/2000/svg';
/** What drawing programs leave in their files, which nobody shows. */
const INERT_NAMESPACES: ReadonlySet<string> = new Set([
  'http://www.inkscape.org/namespaces/inkscape',
  'http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  'http://creativecommons.org/ns#',
  'http://web.resource.org/cc/',
  'http://purl.org/dc/elements/1.1/',
]);

/** Elements that draw, or that what is drawn is made of. What is not here may run, load or move something. */
const DRAWING: ReadonlySet<string> = new Set(
  (
    'svg g defs symbol use title desc metadata switch path rect circle ellipse line polyline polygon text tspan ' +
    'textPath linearGradient radialGradient stop pattern clipPath mask marker style filter feBlend feColorMatrix ' +
    'feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight ' +
    'feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset ' +
    'fePointLight feSpecularLighting feSpotLight feTile feTurbulence'
  ).split(' '),
);

function refusalOfSvg(text: string): string | undefined {
  const parsed = parseXml(text);
  if (parsed.problem !== undefined) return 'it is neither PNG nor SVG';
  if (parsed.root.name !== 'svg' || parsed.root.namespace !== SVG) return 'it is neither PNG nor SVG';
  if (/<\?xml-stylesheet/iu.test(text)) return 'it names a style sheet somewhere else';
  const left: XmlElement[] = [parsed.root];
  for (let element = left.pop(); element !== undefined; element = left.pop()) {
    const refusal = refusalOfElement(element);
    if (refusal !== undefined) return refusal;
    left.push(...element.children);
  }
  return undefined;
}

function refusalOfElement(element: XmlElement): string | undefined {
  const { name, namespace } = element;
  if (INERT_NAMESPACES.has(namespace)) return undefined;
  if (namespace !== SVG || !DRAWING.has(name)) return `<${name.slice(0, 40)}> may do more than show something`;
  for (const { name: attribute, value } of element.attributes.values()) {
    // Whatever the prefix: a browser goes by what stands behind it.
    const plain = attribute.toLowerCase().replace(/^.*:/u, '');
    if (plain.startsWith('on')) return `${attribute.slice(0, 40)} would run a script`;
    if (isAddress(plain) && !value.trim().startsWith('#')) return `${attribute} refers to something outside`;
    if (refersOut(value)) return `${attribute.slice(0, 40)} refers to something outside`;
  }
  return name === 'style' && refersOut(element.text().value) ? 'its style refers to something outside' : undefined;
}

function isAddress(attribute: string): boolean {
  return attribute === 'href' || attribute === 'src' || attribute === 'base';
}

/** True of style text that loads something. A backslash writes any character in another way. */
function refersOut(text: string): boolean {
  if (/javascript:|@import|image-set\(|\\/iu.test(text)) return true;
  return [...text.matchAll(/url\(\s*(['"]?)\s*/giu)].some(
    ({ index, 0: opened }) => text[index + opened.length] !== '#',
  );
}
