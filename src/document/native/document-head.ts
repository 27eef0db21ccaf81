import { FILLED, NAME, TEXT } from '../attribute-kind.ts';
import type { DocumentHead } from '../common.ts';
import { shape, type OpenElement } from '../place.ts';

/** The attributes every native document may have. */
export const HEAD_ATTRIBUTES = { name: NAME, label: TEXT, author: TEXT, logo: FILLED } as const;

const DESCRIPTION = shape({ attributes: {}, text: true });

/** What every document has; undefined when it has no usable name (which has been told). */
export function readHead(open: OpenElement<typeof HEAD_ATTRIBUTES>): DocumentHead | undefined {
  const { name, label, author, logo } = open.attributes;
  const description = open.child('description');
  description?.open(DESCRIPTION);
  if (name === undefined) return undefined;
  return {
    name: name.value,
    nameAt: name,
    file: open.at.log.file,
    label: label?.value,
    author: author?.value,
    description: description?.element.text().value.trim(),
    logo: logo?.value,
  };
}
