/** A WSDL that is stored with the documents, and what it imports. The same object as long as the documents are the same. */
export interface SoapDescription {
  /** The file of the WSDL, a key of `texts`. */
  readonly file: string;
  /** By file: its text and those of all that it imports. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Endings of files that may be stored as parts of a description: no other file is ever read for one. */
const DESCRIBING = /\.(?:wsdl|xsd|xml)$/iu;

/** Namespaces that every reader knows: what a description imports of them is not looked for. */
export const KNOWN_NAMESPACES: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/XMLSchema',
  'http://schemas.xmlsoap.org/wsdl/',
  'http://www.w3.org/XML/1998/namespace',
  'http://schemas.xmlsoap.org/soap/encoding/',
  'http://www.w3.org/2003/05/soap-encoding',
]);

/** True of `orders.wsdl` or `../wsdl/orders.xml`: a file beside the document. False of addresses and what follows one. */
export function isFileBeside(wsdl: string): boolean {
  return DESCRIBING.test(wsdl) && !/^(?:[/?\\]|[a-z][a-z0-9+.-]*:)|[{?#]/iu.test(wsdl);
}

/**
 * The file that `location` means in `file`, with `/` between folders and no needless steps. Of an address the file of the
 * same name beside it: descriptions that were saved from a server often still name it. Undefined when no such file can be part
 * of a description.
 */
export function fileBeside(file: string, location: string): string | undefined {
  const isAddress = /^[a-z][a-z0-9+.-]+:/iu.test(location);
  const path = isAddress ? (URL.parse(location)?.pathname.split('/').at(-1) ?? '') : location.replace(/#.*$/u, '');
  if (!DESCRIBING.test(path) || /^[/\\]/u.test(path)) return undefined;
  const folder = file.replaceAll('\\', '/').split('/').slice(0, -1);
  return withoutSteps([...folder, ...unescaped(path).replaceAll('\\', '/').split('/')]);
}

/** The file itself, as `fileBeside` would name it. */
export function plainFile(file: string): string {
  return withoutSteps(file.replaceAll('\\', '/').split('/'));
}

function withoutSteps(parts: readonly string[]): string {
  const kept: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (part === '.' || (part === '' && index > 0)) continue;
    const last = kept.at(-1);
    if (part === '..' && last !== undefined && last !== '..' && last !== '') kept.pop();
    else kept.push(part);
  }
  return kept.join('/');
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
