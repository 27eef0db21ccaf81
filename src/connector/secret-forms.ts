/** The forms of one secret text; each list holds no form shorter than `MIN_FORM_LENGTH`, and is worked out when first asked for. */
export interface SecretForms {
  /** As it stands. */
  readonly text: string;
  /** How the readable forms begin: each with one of these, of the same length. Known without working the forms out. */
  readonly starts: readonly string[];
  /** True when no other readable form begins with the secret as it stands. */
  readonly isOneForm: boolean;
  /**
   * As it stands; escaped for JSON, for JSON inside JSON, for XML and HTML; as a server repeats it that reads the bytes of
   * headers as ISO 8859-1; each of these percent-encoded (RFC 3986) and form-encoded.
   */
  readonly readable: readonly string[];
  /** Characters of the shortest text in `encoded`, or fewer. */
  readonly shortestEncoded: number;
  /**
   * False when none of `encoded` can be in this run of base64 or hex characters: a look that is much cheaper than working
   * them out.
   */
  mayBeIn(run: EncodedRun): boolean;
  /**
   * Each of the readable ones in base64, base64url and hex, and these percent-encoded; of the percent-encoded ones those
   * that this product sends. Base64 is recognised inside a longer encoded text too, whatever stands before the secret.
   */
  readonly encoded: readonly string[];
}

/** A run of base64 or hex characters, some of them percent-encoded, made ready for looks. */
export interface EncodedRun {
  /** With nothing percent-encoded, and with the signs of base64 in the place of those of base64url (RFC 4648). */
  readonly signs: string;
  /** So many first characters of a form may have been taken for the end of an escape. */
  readonly misread: 0 | 2;
}

/** Makes a run ready. */
export function encodedRun(run: string): EncodedRun {
  const isEscaped = run.includes('%');
  const signs = isEscaped ? run.replaceAll(/%(?:2b|2f|3d)/gi, (escape) => decodeURIComponent(escape)) : run;
  const plain = /[-_]/.test(signs) ? signs.replaceAll('-', '+').replaceAll('_', '/') : signs;
  return { signs: plain, misread: isEscaped ? 2 : 0 };
}

/** So many characters of a form are looked for before the form is worked out. */
const START_LENGTH = 8;
/** Of the secret, so many decide more than the start of any form: no encoding makes a character shorter. */
const START_OF_SECRET = 2 * START_LENGTH;

/** Every form in which a secret text shows up in what this product sends and gets. */
export function secretForms(secret: string): SecretForms {
  return new Forms(secret.toWellFormed());
}

class Forms implements SecretForms {
  readonly text: string;
  readonly starts: readonly string[];
  readonly isOneForm: boolean;
  readonly shortestEncoded: number;
  readonly #start: string;
  #binaryStarts: readonly string[] | undefined;
  #readable: readonly string[] | undefined;
  #encoded: readonly string[] | undefined;

  constructor(text: string) {
    this.text = text;
    this.#start = text.slice(0, START_OF_SECRET).toWellFormed();
    const length = Math.min(START_LENGTH, text.length);
    this.starts = [...new Set(readableForms(this.#start).map((form) => form.slice(0, length)))];
    this.isOneForm = ONE_FORM.test(text);
    // Four characters of base64 for three bytes, and one less at either end where neighbours share a character.
    this.shortestEncoded = Math.max(MIN_FORM_LENGTH, Math.floor((text.length * 4) / 3) - 2);
  }

  get readable(): readonly string[] {
    return (this.#readable ??= longEnough(readableForms(this.text)));
  }

  mayBeIn({ signs, misread }: EncodedRun): boolean {
    this.#binaryStarts ??= binaryStarts(binaryWritten(this.#start));
    return this.#binaryStarts.some((start) => signs.includes(misread === 0 ? start : start.slice(misread)));
  }

  get encoded(): readonly string[] {
    return (this.#encoded ??= longEnough(binaryWritten(this.text).flatMap((form) => binaryForms(Buffer.from(form)))));
  }
}

/** Text that every encoding of characters leaves as it is. */
const PLAIN = /^[A-Za-z0-9\-._]*$/;
/** Text that has nothing of what escapes begin with. */
const ONE_FORM = /^[^%&\\\u0080-\uffff]*$/;

function readableForms(text: string): string[] {
  const written = writtenForms(text);
  return PLAIN.test(text) ? written : written.flatMap((form) => [form, ...urlForms(form)]);
}

function binaryWritten(text: string): string[] {
  const written = writtenForms(text);
  return PLAIN.test(text) ? written : [...new Set([...written, ...sentForms(text)])];
}
function writtenForms(text: string): string[] {
  if (PLAIN.test(text)) return [text];
  const json = jsonForms(text);
  return [...new Set([text, ...json, ...json.flatMap(jsonForms), ...xmlForms(text), ...misreadForms(text)])];
}

/** The bytes of UTF-8 read as ISO 8859-1, as most servers read headers, and what JSON makes of that. */
function misreadForms(text: string): string[] {
  const misread = Buffer.from(text).toString('latin1');
  return misread === text ? [] : [misread, ...jsonForms(misread)];
}

/** As addresses and forms carry it that this product sends. */
function sentForms(text: string): string[] {
  return [encodeURIComponent(text), new URLSearchParams([['', text]]).toString().slice(1)];
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

/** How quotes and other signs are written in attributes: by XML, and by the libraries that escape for HTML. */
const ATTRIBUTE_ESCAPES: readonly Readonly<Record<string, string>>[] = [
  { '"': '&quot;' },
  { '"': '&quot;', "'": '&apos;' },
  { '"': '&quot;', "'": '&#39;' },
  { '"': '&quot;', "'": '&#039;' },
  { '"': '&quot;', "'": '&#x27;' },
  { '"': '&#34;', "'": '&#39;' },
  { '"': '&#034;', "'": '&#039;' },
  { '"': '&quot;', "'": '&#x27;', '`': '&#x60;', '=': '&#x3D;' },
  { '"': '&quot;', "'": '&#39;', '/': '&#x2F;', '`': '&#x60;', '=': '&#x3D;' },
];

/** In text and in attributes, as XML and HTML write it. */
function xmlForms(text: string): string[] {
  const inText = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const inAttributes = ATTRIBUTE_ESCAPES.map((escapes) =>
    inText.replaceAll(/["'`=/]/g, (sign) => escapes[sign] ?? sign),
  );
  const loose = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return [inText, ...inAttributes, loose, loose.replaceAll('"', '&quot;')];
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

/** One of these is in the base64 or hex of any text that holds one of the forms, whatever follows their first characters. */
function binaryStarts(written: readonly string[]): readonly string[] {
  const forms = written.map((form) => Buffer.from(form));
  const hex = forms.map((bytes) => bytes.toString('hex'));
  const base64 = forms.flatMap((bytes) => PLACES_IN_GROUP.map((before) => base64Core(bytes, before)));
  const starts = [...base64, ...hex, ...hex.map((digits) => digits.toUpperCase())];
  return [...new Set(starts.map((digits) => digits.slice(0, START_LENGTH)))];
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
