import type { SourceText } from '../core/diagnostic.ts';
import type { XmlElement } from '../xml/element.ts';
import { rangeOf } from '../xml/positions.ts';
import { positionsIn } from '../xml/source-text.ts';
import type { DiagnosticLog } from './diagnostic-log.ts';

/** Where people write prose, pictures, and the digests of what packs brought: nothing there is taken for a key. */
const PROSE: ReadonlySet<string> = new Set(['label', 'description', 'author', 'logo', 'tested', 'picture', 'sha256']);

/** Certificates are public; a private key among them is not. */
const CERTIFICATES_ONLY = /^\s*(?:-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\s*)+$/u;

const MIN_TOKEN = 12;
const MAX_TOKEN = 200;
const TOKEN = new RegExp(`[A-Za-z0-9+_=]{${MIN_TOKEN},}`, 'gu');

/** Warns of texts that look like a key (DOCUMENT_SECRET_IN_PLAIN): long, of mixed characters, without the shape of words. */
export function scanForSecrets(root: XmlElement, log: DiagnosticLog): void {
  const left: XmlElement[] = [root];
  for (let element = left.pop(); element !== undefined && !log.full; element = left.pop()) {
    if (PROSE.has(element.name)) continue;
    for (const attribute of element.attributes.values()) {
      if (!PROSE.has(attribute.name)) scanText(attribute.source, log);
    }
    scanText(element.text(), log);
    for (let index = element.children.length - 1; index >= 0; index--) {
      const child = element.children[index];
      if (child !== undefined) left.push(child);
    }
  }
}

function scanText(source: SourceText, log: DiagnosticLog): void {
  if (source.value.length < MIN_TOKEN || CERTIFICATES_ONLY.test(source.value)) return;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(source.value); token !== null; token = TOKEN.exec(source.value)) {
    if (log.full) return;
    if (token[0].length > MAX_TOKEN || !looksRandom(token[0])) continue;
    const range = rangeOf(positionsIn(source), token.index, token.index + token[0].length);
    log.warning({
      code: 'DOCUMENT_SECRET_IN_PLAIN',
      message: 'this looks like a secret key, readable by everybody who can read the document',
      hint: 'store it as a secret and refer to it: secret="NAME" or {secret.NAME}',
      range,
    });
  }
}

/** True for hexadecimal digests and for texts that change between small, capital and digit more often than words do. */
function looksRandom(token: string): boolean {
  const digits = count(token, /[0-9]/gu);
  if (digits === 0) return false;
  const letters = count(token, /[A-Za-z]/gu);
  if (/^[0-9a-f]{32,}$/iu.test(token)) return digits > 3 && letters > 3;
  if (entropyOf(token) < 3.2) return false;
  const changes = changesOfClass(token) / (token.length - 1);
  const allClasses = digits > 0 && /[a-z]/u.test(token) && /[A-Z]/u.test(token);
  if (allClasses) return changes >= 0.35;
  return token.length >= 20 && digits >= 4 && letters >= 4 && changes >= 0.35;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Shannon entropy in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / text.length) * Math.log2(n / text.length), 0);
}

function changesOfClass(text: string): number {
  const classes = [...text].map(classOf);
  return classes.filter((kind, index) => index > 0 && kind !== classes[index - 1]).length;
}

function classOf(character: string): string {
  if (character >= '0' && character <= '9') return 'digit';
  if (character >= 'a' && character <= 'z') return 'small';
  return character >= 'A' && character <= 'Z' ? 'capital' : 'other';
}
