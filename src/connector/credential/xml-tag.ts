import type { XmlElement } from '../../xml/element.ts';

/** Where the element's start tag ends in the text that it was read from: behind its `>`. */
export function endOfStartTag(text: string, element: XmlElement): number {
  const tag = /<(?:"[^"]*"|'[^']*'|[^"'>])*>/uy;
  tag.lastIndex = element.range.start.offset;
  tag.test(text);
  return tag.lastIndex;
}
