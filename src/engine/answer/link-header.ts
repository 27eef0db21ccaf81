const LINK = /<([^>]*)>((?:\s*;\s*[A-Za-z0-9!#$&+.^_`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/gy;
const PARAMETER = /;\s*([A-Za-z0-9!#$&+.^_`|~*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;

/** The address of the first link with this relation in a Link header (RFC 8288 section 3); undefined when there is none. */
export function linkedAddress(header: string | undefined, relation: string): string | undefined {
  let at = 0;
  while (header !== undefined && at < header.length) {
    LINK.lastIndex = at;
    const match = LINK.exec(header);
    if (match === null) {
      // Not a link: on behind the next comma or blank.
      at++;
      continue;
    }
    const [whole, address = '', parameters = ''] = match;
    if (relationsOf(parameters).includes(relation)) return address.trim();
    at += whole.length;
  }
  return undefined;
}

/** The first `rel` counts, and its words are in either case. */
function relationsOf(parameters: string): string[] {
  for (const [, name = '', quoted, plain = ''] of parameters.matchAll(PARAMETER)) {
    if (name.toLowerCase() === 'rel') return (quoted ?? plain).toLowerCase().split(/\s+/u);
  }
  return [];
}
