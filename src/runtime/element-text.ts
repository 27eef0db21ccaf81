import type { NewElement } from '../engine/map-test/difference.ts';
import { escapeAttribute, escapeText } from '../xml/escape.ts';
import { FORBIDDEN_CHARACTER } from '../xml/reference.ts';

/** The manner of the file that an element is written into. */
export interface ElementStyle {
  /** What stands before the element on its line. */
  readonly indentation: string;
  readonly lineEnd: string;
  /** With its colon; empty when there is none. */
  readonly prefix: string;
}

/** The element as text, its first line without indentation. Attributes that XML cannot hold are left out. */
export function renderElement(element: NewElement, style: ElementStyle): string {
  const { children = [], text } = element;
  const { indentation, lineEnd, prefix } = style;
  const name = prefix + element.name;
  const attributes = element.attributes
    .filter(([, value]) => !FORBIDDEN_CHARACTER.test(value))
    .map(([attribute, value]) => ` ${attribute}="${escapeFor(value, '"')}"`)
    .join('');
  if (text !== undefined) return `<${name}${attributes}>${renderContent(text, lineEnd)}</${name}>`;
  if (children.length === 0) return `<${name}${attributes}/>`;
  const inner = { ...style, indentation: `${indentation}  ` };
  const lines = children.map((child) => inner.indentation + renderElement(child, inner));
  return [`<${name}${attributes}>`, ...lines, `${indentation}</${name}>`].join(lineEnd);
}

function renderContent(text: string, lineEnd: string): string {
  // A reader drops the first line break of such a text.
  const whole = text.startsWith('\n') ? `\n${text}` : text;
  const isPlain = !/[<&]/u.test(whole) || whole.includes('\r') || FORBIDDEN_CHARACTER.test(whole);
  const written = isPlain
    ? escapeText(whole).replaceAll('&gt;', '>').replaceAll(']]>', ']]&gt;')
    : `<![CDATA[${whole.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return written.replaceAll('\n', lineEnd);
}

/** Only what has to be escaped between these quotation marks, as a person would write it. */
export function escapeFor(text: string, mark: '"' | "'"): string {
  const escaped = escapeAttribute(text).replaceAll('&gt;', '>');
  return mark === '"' ? escaped.replaceAll('&apos;', "'") : escaped.replaceAll('&quot;', '"');
}
