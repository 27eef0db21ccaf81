const DECLARED = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/u;
const UTF_8 = new TextDecoder();

/**
 * The text of an XML body: a byte order mark says how it is written, else the header's charset (RFC 7303 section 3), else its
 * XML declaration, else it is UTF-8. Never throws: an unknown encoding is read as UTF-8.
 */
export function decodeXmlBody(bytes: Uint8Array, contentType: string | undefined): string {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff && 'utf-16be';
  const charset = /charset\s*=\s*"?([^\s;"]+)/iu.exec(contentType ?? '')?.[1];
  const start = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  const encoding = marked || (charset ?? DECLARED.exec(start)?.[1] ?? 'utf-8');
  try {
    return /^utf-?8$/iu.test(encoding) ? UTF_8.decode(bytes) : new TextDecoder(encoding).decode(bytes);
  } catch {
    return UTF_8.decode(bytes);
  }
}
