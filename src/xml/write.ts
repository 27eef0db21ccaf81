import { escapeAttribute, escapeText, replaceForbidden } from './escape.ts';

/** An element to be written. */
export interface WrittenElement {
  readonly name: string;
  /** In this order; those without a value are left out. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
  /** Elements and comments, each on a line of its own; or the element's text, nothing added to it. */
  readonly content: readonly WrittenNode[] | WrittenText;
}

export type WrittenNode = WrittenElement | { readonly comment: string };

/** `cdata` stands for itself in the file, where it can. */
export interface WrittenText {
  readonly text: string;
  readonly as: 'text' | 'cdata';
}

const LINE_WIDTH = 120;
const INDENT = '  ';

/**
 * A document with the element as its root, indented, with a line break at the end, the comment before it. Attributes and
 * texts read back as they are.
 */
export function writeXml(root: WrittenElement, comment?: string): string {
  const before = comment === undefined ? [] : writeComment(comment, '');
  return `${[...before, ...writeNode(root, '')].join('\n')}\n`;
}

/** An element; without content it is empty. */
export function element(
  name: string,
  attributes: WrittenElement['attributes'] = {},
  content: WrittenElement['content'] = [],
): WrittenElement {
  return { name, attributes, content };
}

function writeNode(node: WrittenNode, indent: string): string[] {
  if ('comment' in node) return writeComment(node.comment, indent);
  const start = writeStart(node, indent);
  const { content, name } = node;
  if (!isNodes(content)) return withLast(start, `>${writeText(content)}</${name}>`);
  if (content.length === 0) return withLast(start, '/>');
  return [
    ...withLast(start, '>'),
    ...content.flatMap((child) => writeNode(child, indent + INDENT)),
    `${indent}</${name}>`,
  ];
}

function isNodes(content: WrittenElement['content']): content is readonly WrittenNode[] {
  return Array.isArray(content);
}

/** The start tag without its end; one attribute a line when they are too many for one. */
function writeStart({ name, attributes }: WrittenElement, indent: string): string[] {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}="${escapeAttribute(value).replaceAll('&apos;', "'")}"`],
  );
  const line = [`${indent}<${name}`, ...written].join(' ');
  if (line.length <= LINE_WIDTH || written.length < 2) return [line];
  return [`${indent}<${name}`, ...written.map((one) => `${indent}${INDENT}${INDENT}${one}`)];
}

function withLast(lines: readonly string[], end: string): string[] {
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${end}`];
}

function writeText({ text, as }: WrittenText): string {
  // CDATA cannot hold a carriage return: it would read back as a line feed.
  const canStand = as === 'cdata' && !text.includes('\r') && replaceForbidden(text) === text;
  return canStand ? `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : escapeText(text);
}

/** A comment holds no `--`; its lines stay lines. */
function writeComment(comment: string, indent: string): string[] {
  const lines = replaceForbidden(comment)
    .replaceAll(/-(?=-)/gu, '- ')
    .split(/\r\n|\r|\n/u);
  if (lines.length === 1) return [`${indent}<!-- ${lines[0] ?? ''} -->`];
  return [`${indent}<!--`, ...lines.map((line) => `${indent}${INDENT}${line}`.trimEnd()), `${indent}-->`];
}
