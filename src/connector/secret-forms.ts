/**
 * Every form in which a secret text shows up in what this product sends and gets: as it stands; escaped for JSON, for
 * JSON inside JSON, for XML; each of these percent-encoded (RFC 3986), form-encoded, in base64, base64url and hex.
 * Longest first. Base64 is recognised inside a longer encoded text too, whatever stands before the secret.
 */
export function secretForms(secret: string): string[] {
  const text = secret.toWellFormed();
  const forms = new Set<string>();
  for (const written of new Set([text, ...jsonForms(text), ...jsonForms(text).flatMap(jsonForms), ...xmlForms(text)])) {
    forms.add(written);
    for (const form of urlForms(written)) forms.add(form);
    for (const form of binaryForms(Buffer.from(written))) {
      forms.add(form);
      for (const encoded of urlForms(form)) forms.add(encoded);
    }
  }
  // A form shorter than the secret says too little of it to be told from other text.
  return [...forms].filter((form) => form.length >= MIN_FORM_LENGTH).toSorted((a, b) => b.length - a.length);
}

/** Shorter texts turn up by chance: redacting them would tell more than it hides. */
export const MIN_FORM_LENGTH = 4;

/** As JSON.stringify writes it, with `/` escaped as PHP does, and with everything beyond ASCII as \uXXXX. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const ascii = plain.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const upper = ascii.replaceAll(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`);
  return [plain, ascii, upper].flatMap((form) => [form, form.replaceAll('/', '\\/')]);
}

/** In text, in attributes, and with the apostrophe in each of its spellings. */
function xmlForms(text: string): string[] {
  const inText = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const inAttribute = inText.replaceAll('"', '&quot;');
  const apostrophes = ['&apos;', '&#39;', '&#039;'].map((entity) => inAttribute.replaceAll("'", entity));
  const loose = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return [inText, inAttribute, ...apostrophes, loose, loose.replaceAll('"', '&quot;')];
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** Characters left as they are by: RFC 3986, encodeURIComponent, encodeURI, PHP's urlencode, form encoding, URL paths and queries. */
const KEPT_IN_URLS: readonly ReadonlySet<string>[] = [
  /[A-Za-z0-9\-._~]/,
  /[A-Za-z0-9\-._~!'()*]/,
  /[A-Za-z0-9\-._~!'()*;/?:@&=+$,#]/,
  /[A-Za-z0-9\-._]/,
  /[A-Za-z0-9\-._*]/,
  /[!$-;=@-\]_a-z|~]/,
  /[!$-&(-;=?-~]/,
  /[!$-;=?-~]/,
].map((kept) => new Set(ASCII.filter((character) => kept.test(character))));

function urlForms(text: string): string[] {
  if (/^[A-Za-z0-9\-._]*$/.test(text)) return [];
  const characters = [...text];
  const special = [...new Set(characters.filter((character) => !/[A-Za-z0-9\-._]/.test(character)))];
  const escapes = new Map(special.map((character) => [character, percentBytes(character)]));
  // Encodings that treat the text's own characters alike give the same form: each is written once.
  const treatments = new Map(
    KEPT_IN_URLS.map((kept) => {
      const escaped = special.filter((character) => !kept.has(character));
      return [escaped.join(''), new Set(escaped)];
    }),
  );
  return [...treatments.values()].flatMap((escaped) => {
    if (escaped.size === 0) return [];
    const upper = characters.map((character) => (escaped.has(character) ? escapes.get(character) : character)).join('');
    const lower = upper.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
    return [upper, lower].flatMap((form) => [form, form.replaceAll('%20', '+')]);
  });
}

function percentBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function binaryForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map((before) => base64Core(bytes, before))];
  return [hex, hex.toUpperCase(), ...base64, ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** The part of the base64 text that the bytes alone decide, when `before` other bytes (modulo 3) stand before them and others follow. */
function base64Core(bytes: Buffer, before: number): string {
  const total = before + bytes.length;
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return encoded.slice(Math.ceil((before * 8) / 6), Math.floor((total * 8) / 6));
}
