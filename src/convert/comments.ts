/** Longer ones hold documents that somebody switched off rather than remarks. */
const MAX_LINES = 40;

/** The lines of all comments of an XML text, in their order; blank ones left out. */
export function commentsOf(text: string): readonly string[] {
  const lines = [...text.matchAll(/<!\[CDATA\[[^]*?\]\]>|<!--([^]*?)-->/gu)]
    .flatMap(([, comment = '']) => comment.split(/\r\n|\r|\n/u))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(0, MAX_LINES);
}
