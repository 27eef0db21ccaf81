import { createHash } from 'node:crypto';
import { parseXml } from '../../xml/parse.ts';

/** What tells whether a text is the one that an import put into force. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * The pack document with the digests of what is put into force with it, in the place of those that stand in it. Without them an
 * install could not tell later what was changed there: revisions hold what people changed as well as what was imported.
 * @param texts by kind and name
 */
export function withDigests(text: string, texts: ReadonlyMap<string, string>): string {
  const entries = (parseXml(text).root?.children ?? []).filter(({ name }) => name === 'document');
  const edits = entries.flatMap(({ attributes }) => {
    const brought = texts.get(`${attributes.get('kind')?.value} ${attributes.get('name')?.value}`);
    const old = attributes.get('sha256');
    const others = [...attributes.values()].filter((attribute) => attribute !== old);
    // Behind the quotation mark of the last one: where the others stand stays true.
    const at = Math.max(...others.map(({ source }) => source.range.end.offset + 1));
    return [
      ...(old === undefined
        ? []
        : [{ start: old.nameRange.start.offset - 1, end: old.source.range.end.offset + 1, put: '' }]),
      ...(brought === undefined ? [] : [{ start: at, end: at, put: ` sha256="${digestOf(brought)}"` }]),
    ];
  });
  return (
    edits
      // Of two at one place what goes is first.
      .toSorted((a, b) => b.start - a.start)
      .reduce((rest, { start, end, put }) => rest.slice(0, start) + put + rest.slice(end), text)
  );
}
