import { element, type WrittenElement, type WrittenNode, writeXml } from '../xml/write.ts';

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

/** The element as the text of a document. */
export function writeElement(root: NativeElement): string {
  const { comment = [] } = root;
  return writeXml(writtenOf(root), comment.length === 0 ? undefined : comment.join('\n'));
}

function writtenOf({ name, attributes = [], children = [], text }: NativeElement): WrittenElement {
  const content = text === undefined ? children.flatMap(withComment) : { text, as: wayOf(text) };
  return element(name, Object.fromEntries(attributes), content);
}

function withComment(child: NativeElement): WrittenNode[] {
  const { comment = [] } = child;
  return [...(comment.length === 0 ? [] : [{ comment: comment.join('\n') }]), writtenOf(child)];
}

/** CDATA spares escaping. */
function wayOf(text: string): 'text' | 'cdata' {
  return /[<&]/u.test(text) ? 'cdata' : 'text';
}
