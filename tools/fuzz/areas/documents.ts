import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import type { Json } from '../../../src/core/json.ts';
import { compileCatalog } from '../../../src/catalog/catalog.ts';
import type { Document } from '../../../src/document/document.ts';
import { readDocuments } from '../../../src/document/read-documents.ts';
import { decodeXml } from '../../../src/xml/decode.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { BUSINESS_MAP_GRAMMAR } from '../generate/business-map-grammar.ts';
import { realDocuments, shippedDocuments, wordsOf, wrongDocuments } from '../generate/corpus.ts';
import { DOCUMENT_GRAMMAR } from '../generate/document-grammar.ts';
import { HOSTILE_TEXTS, randomText } from '../generate/hostile-text.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { BUSINESS_MAPS } from './legacy-stock.ts';
import { checkDiagnostic, checkDiagnostics } from './told-diagnostic.ts';

/** A document as text, or as the bytes of a file in base64. */
type DocumentInput = { readonly text: string } | { readonly bytes: string };

const FILE = 'any.xml';
const KNOWN_NAMES = ['Products', 'head-office', 'peer-login', 'peer-logout'];
const ENCODINGS = ['utf8', 'utf16le', 'latin1'] as const;
const MARKS = ['', '\u{FEFF}', '<?xml version="1.0" encoding="UTF-16"?>', '<?xml version="1.1" encoding="latin1"?>'];

// Right ones more often than wrong ones: a document with two mistakes shows less than one with one.
const texts = [...realDocuments(), ...realDocuments(), ...wrongDocuments(), ...Object.values(BUSINESS_MAPS)];
const mutator = new Mutator({
  texts,
  words: [...wordsOf(texts), ...HOSTILE_TEXTS],
  brackets: [
    ['<a>', '</a>'],
    ['<parameter name="a">', '</parameter>'],
    ['<choose id="a"><otherwise>', '</otherwise></choose>'],
    ['<!--', '-->'],
    ['&amp;', ''],
    ['(', ')'],
    ['{= ', ' }'],
  ],
});

/** Any text or bytes: documents or diagnostics with codes and places, never anything thrown. */
export const AREA: Area = {
  name: 'documents',
  limitMs: 1000,
  generate(random): Json {
    const text = random.weighted([
      [1, randomText],
      [4, (one: Random) => mutator.mutated(one)],
      [6, (one: Random) => DOCUMENT_GRAMMAR.expand(one, 'document', 90)],
      [2, (one: Random) => BUSINESS_MAP_GRAMMAR.expand(one, 'document', 60)],
      [1, (one: Random) => mutator.mutate(one, DOCUMENT_GRAMMAR.expand(one, 'document', 60))],
    ])(random);
    return random.oneIn(10) ? { bytes: asBytes(random, text).toString('base64') } : { text };
  },
  open: () => Promise.resolve(new DocumentTarget()),
};

function asBytes(random: Random, text: string): Buffer {
  const bytes = Buffer.from(random.pick(MARKS) + text, random.oneIn(7) ? random.pick(ENCODINGS) : 'utf8');
  if (random.oneIn(8)) bytes.subarray(0, bytes.length - (bytes.length % 2)).swap16();
  for (let flips = random.below(3); flips > 0 && bytes.length > 0; flips--) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return bytes;
}

class DocumentTarget implements Target {
  /** What the names in generated documents mean. */
  readonly #known: readonly Document[] = shippedDocuments('product-sync')
    .flatMap((source) => readDocuments(source).documents)
    .filter(({ name }) => KNOWN_NAMES.includes(name));

  judge(input: Json): Promise<Verdict> {
    const given = input as DocumentInput;
    const text = 'text' in given ? given.text : this.#decode(Buffer.from(given.bytes, 'base64'));
    return Promise.resolve(text === undefined ? 'refused' : this.#judgeText(text));
  }

  #decode(bytes: Uint8Array): string | undefined {
    const { text, problem } = decodeXml(bytes);
    if (problem !== undefined) checkDiagnostic({ ...problem, severity: 'error', file: FILE }, FILE);
    return text;
  }

  #judgeText(text: string): Verdict {
    const read = readDocuments({ file: FILE, text });
    const diagnostics = [...read.diagnostics, ...this.#compile(read.documents)];
    checkDiagnostics(diagnostics, { file: FILE, text });
    const hasError = diagnostics.some(({ severity }) => severity === 'error');
    promise(
      hasError || read.documents.length > 0 || text.includes('documents'),
      () => 'neither a document nor an error',
    );
    return hasError ? 'refused' : 'accepted';
  }

  #compile(documents: readonly Document[]): readonly Diagnostic[] {
    if (documents.length === 0) return [];
    const { diagnostics } = compileCatalog([...this.#known, ...documents], 1);
    return diagnostics.filter(({ file }) => file === FILE);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
