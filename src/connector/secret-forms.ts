/** The forms of one secret text; each list holds no form shorter than `MIN_FORM_LENGTH`. */
export interface SecretForms {
  /**
   * As it stands; escaped for JSON, for JSON inside JSON, for XML; each of these percent-encoded (RFC 3986) and
   * form-encoded.
   */
  readonly readable: readonly string[];
  /** Characters of the shortest text in `encoded`, or fewer. */
  readonly shortestEncoded: number;
  /**
   * False when none of `encoded` but the percent-encoded ones can be in this run of base64 or hex characters, written with
   * `plainSigns`: a look that is much cheaper than working them out.
   */
  mayBeIn(run: string): boolean;
  /**
   * Each of the readable ones in base64, base64url and hex, and these percent-encoded. Base64 is recognised inside a
   * longer encoded text too, whatever stands before the secret. Worked out when first asked for.
   */
  readonly encoded: readonly string[];
}

/** A run with the signs of base64 in the place of those of base64url (RFC 4648). */
export function plainSigns(run: string): string {
  return /[-_]/.test(run) ? run.replaceAll('-', '+').replaceAll('_', '/') : run;
}

/** Every form in which a secret text shows up in what this product sends and gets. */
export function secretForms(secret: string): SecretForms {
  const text = secret.toWellFormed();
  const written = writtenForms(text);
  const readable = longEnough(PLAIN.test(text) ? written : written.flatMap((form) => [form, ...urlForms(form)]));
  let binary: BinaryTexts | undefined;
  let encoded: readonly string[] | undefined;
  return {
    readable,
    // Four characters of base64 for three bytes, and one less at either end where neighbours share a character.
    shortestEncoded: Math.max(MIN_FORM_LENGTH, Math.floor((text.length * 4) / 3) - 2),
    mayBeIn(run) {
      const { base64, hex } = (binary ??= binaryTexts(written));
      return base64.some((core) => run.includes(core)) || hex.some((digits) => run.includes(digits));
    },
    get encoded() {
      return (encoded ??= longEnough(written.flatMap((form) => binaryForms(Buffer.from(form)))));
    },
  };
}

/** Text that every encoding of characters leaves as it is. */
const PLAIN = /^[A-Za-z0-9\-._]*$/;

function writtenForms(text: string): string[] {
  if (PLAIN.test(text)) return [text];
  const json = jsonForms(text);
  return [...new Set([text, ...json, ...json.flatMap(jsonForms), ...xmlForms(text)])];
}

/** A form shorter than the secret says too little of it to be told from other text. */
function longEnough(forms: readonly string[]): string[] {
  return [...new Set(forms)].filter((form) => form.length >= MIN_FORM_LENGTH);
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
  if (PLAIN.test(text)) return [];
  const special = [...new Set(text.match(/[^A-Za-z0-9\-._]/gu))].toSorted();
  return treatmentsOf(special).flatMap((escapes) => {
    const upper = text.replaceAll(/[^A-Za-z0-9\-._]/gu, (character) => escapes.get(character) ?? character);
    const lower = upper.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
    return [upper, lower].flatMap((form) => [form, form.replaceAll('%20', '+')]);
  });
}

type Treatment = ReadonlyMap<string, string>;

/** By special characters: those of base64 come again and again. */
const treatments = new Map<string, readonly Treatment[]>();
const MOST_TREATMENTS = 100;

/** Which of a text's special characters each encoding escapes, and how; encodings that treat them alike count once. */
function treatmentsOf(special: readonly string[]): readonly Treatment[] {
  const key = special.join('');
  const known = treatments.get(key);
  if (known !== undefined) return known;
  const found = new Map(
    KEPT_IN_URLS.map((kept): [string, Treatment] => {
      const escaped = special.filter((character) => !kept.has(character));
      return [escaped.join(''), new Map(escaped.map((character) => [character, percentBytes(character)]))];
    }),
  );
  found.delete('');
  if (treatments.size >= MOST_TREATMENTS) treatments.clear();
  const made = [...found.values()];
  treatments.set(key, made);
  return made;
}

function percentBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

const PLACES_IN_GROUP = [0, 1, 2];

/** One of these is in the base64 or hex of any text that holds the secret. */
interface BinaryTexts {
  readonly base64: readonly string[];
  readonly hex: readonly string[];
}

function binaryTexts(written: readonly string[]): BinaryTexts {
  const forms = written.map((form) => Buffer.from(form));
  const hex = forms.map((bytes) => bytes.toString('hex'));
  return {
    base64: forms.flatMap((bytes) => PLACES_IN_GROUP.map((before) => base64Core(bytes, before))),
    hex: [...hex, ...hex.map((digits) => digits.toUpperCase())],
  };
}

function binaryForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const base64 = [bytes.toString('base64'), ...PLACES_IN_GROUP.map((before) => base64Core(bytes, before))];
  const forms = base64.flatMap((form) =>
    /[+/]/.test(form) ? [form, form.replaceAll('+', '-').replaceAll('/', '_')] : [form],
  );
  return [hex, hex.toUpperCase(), ...forms, ...forms.flatMap(urlForms)];
}

/** The part of the base64 text that the bytes alone decide, when `before` other bytes (modulo 3) stand before them and others follow. */
function base64Core(bytes: Buffer, before: number): string {
  const total = before + bytes.length;
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return encoded.slice(Math.ceil((before * 8) / 6), Math.floor((total * 8) / 6));
}
