import { escapeAttribute, escapeText } from '../xml/escape.ts';

/** An element of a native document that is to be written. */
export interface NativeElement {
  readonly name: string;
  /** In the order in which they are written. */
  readonly attributes?: readonly (readonly [name: string, value: string])[];
  readonly children?: readonly NativeElement[];
  /** Content to the character; an element has it or children. */
  readonly text?: string;
  /** Lines of a comment before the element. */
  readonly comment?: readonly string[];
}

/** The element as XML text, indented by two blanks a level, without a line break at its end. */
export function writeElement(element: NativeElement, indentation = ''): string {
  const { name, attributes = [], children = [], text, comment } = element;
  const before = comment === undefined ? '' : `${writeComment(comment, indentation)}\n`;
  const start = `${before}${indentation}<${name}${attributes.map(writeAttribute).join('')}`;
  if (text !== undefined) return `${start}>${writeContent(text)}</${name}>`;
  if (children.length === 0) return `${start}/>`;
  const inner = children.map((child) => writeElement(child, `${indentation}  `));
  return [`${start}>`, ...inner, `${indentation}</${name}>`].join('\n');
}

function writeAttribute([name, value]: readonly [string, string]): string {
  return ` ${name}="${escapeAttribute(value).replaceAll('&apos;', "'").replaceAll('&gt;', '>')}"`;
}

/** As CDATA where that spares escaping, which keeps everything but carriage returns. */
function writeContent(text: string): string {
  const escaped = escapeText(text).replaceAll('&gt;', '>').replaceAll(']]>', ']]&gt;');
  return /[<&]/u.test(text) && !text.includes('\r') && !text.includes(']]>') ? `<![CDATA[${text}]]>` : escaped;
}

/** The lines come from comments, so nothing in them ends one. */
function writeComment([first = '', ...rest]: readonly string[], indentation: string): string {
  return `${indentation}<!-- ${[first, ...rest.map((line) => `${indentation}     ${line}`)].join('\n')} -->`;
}
