import { BOOLEAN, choice, FILLED, matching, NAME, TEXT } from '../attribute-kind.ts';
import {
  PACK_VERSION,
  PACKED_KINDS,
  type PackDocument,
  type PackEntry,
  type PackPicture,
  type PackSetting,
  type PackWish,
} from '../pack.ts';
import { inspectPicture } from '../picture.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import { HEAD_ATTRIBUTES, readHead } from './document-head.ts';

const VERSION = matching(PACK_VERSION, 'a version such as 1, 1.2, 1.2.3 or 1.2.3-beta.1');

const PACK = shape({
  attributes: { ...HEAD_ATTRIBUTES, version: VERSION, licence: FILLED },
  required: ['name', 'version'],
  children: {
    description: 'optional',
    document: 'some',
    setting: 'many',
    secret: 'many',
    tested: 'optional',
    picture: 'many',
  },
  ordered: true,
});

const DIGEST = matching(/^[0-9a-f]{64}$/u, 'a SHA-256 sum as the import writes it: 64 digits of 0-9 and a-f');
const ENTRY = shape({
  attributes: { kind: choice(...PACKED_KINDS), name: NAME, sha256: DIGEST },
  required: ['kind', 'name'],
});
const SETTING = shape({
  attributes: { name: NAME, required: BOOLEAN, value: TEXT, example: TEXT },
  required: ['name'],
  text: true,
});
const SECRET = shape({ attributes: { name: NAME, required: BOOLEAN }, required: ['name'], text: true });
const PICTURE = shape({ attributes: { name: NAME }, required: ['name'], text: true });
const PROSE = shape({ attributes: {}, text: true });

/** A `<pack>` document; undefined when it lacks a name or a version. Tells PACK_ENTRY_TWICE, PACK_PICTURE. */
export function readPack(place: Place): PackDocument | undefined {
  const open = place.open(PACK);
  const head = readHead(open);
  const tested = open.child('tested');
  tested?.open(PROSE);
  const parts = {
    licence: open.attributes.licence?.value,
    documents: open.all('document').flatMap((at) => readEntry(at) ?? []),
    settings: open.all('setting').flatMap((at) => readSetting(at) ?? []),
    secrets: open.all('secret').flatMap((at) => readSecret(at) ?? []),
    tested: tested && proseOf(tested),
    pictures: open.all('picture').flatMap((at) => readPicture(at) ?? []),
  };
  tellTwice(open, 'document', (at) => `${at.element.attributes.get('kind')?.value} ${nameOf(at)}`);
  for (const child of ['setting', 'secret', 'picture']) tellTwice(open, child, nameOf);
  const { version } = open.attributes;
  if (head === undefined || version === undefined) return undefined;
  return { kind: 'pack', ...head, version: version.value, ...parts };
}

function readEntry(at: Place): PackEntry | undefined {
  const { kind, name, sha256 } = at.open(ENTRY).attributes;
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name: name.value, sha256: sha256?.value, range: name.range };
}

function readSetting(at: Place): PackSetting | undefined {
  const { name, required, value, example } = at.open(SETTING).attributes;
  if (name === undefined) return undefined;
  const wish = { name: name.value, required: required ?? true, description: proseOf(at), range: name.range };
  return { ...wish, value: value?.value, example: example?.value };
}

function readSecret(at: Place): PackWish | undefined {
  const { name, required } = at.open(SECRET).attributes;
  if (name === undefined) return undefined;
  return { name: name.value, required: required ?? true, description: proseOf(at), range: name.range };
}

function readPicture(at: Place): PackPicture | undefined {
  const { name } = at.open(PICTURE).attributes;
  if (name === undefined) return undefined;
  const inspected = inspectPicture(at.element.text().value.replaceAll(/\s+/gu, ''));
  if (inspected.type !== undefined) return { name: name.value, ...inspected };
  at.error('PACK_PICTURE', `the picture ${name.value} is not taken: ${inspected.refusal}`, inspected.hint);
  return undefined;
}

/** Blanks and line breaks of the layout count as one blank. */
function proseOf(at: Place): string {
  return at.element.text().value.trim().replaceAll(/\s+/gu, ' ');
}

function nameOf(at: Place): string {
  return at.element.attributes.get('name')?.value ?? '';
}

function tellTwice(open: OpenElement<(typeof PACK)['attributes']>, child: string, keyOf: (at: Place) => string): void {
  const seen = new Set<string>();
  for (const at of open.all(child)) {
    const key = keyOf(at);
    if (seen.has(key))
      at.error('PACK_ENTRY_TWICE', `the pack names ${child} "${nameOf(at)}" twice`, 'keep one of them');
    seen.add(key);
  }
}
