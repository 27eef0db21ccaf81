/**
 * The body of a large answer, in the pieces in which it came: it is put together only for those who need it in one, its
 * memory can be lent to another thread, and can be given back before a garbage collector looks for it.
 */
export interface LargeBody {
  /** Bytes. */
  readonly length: number;
  /** The first bytes, at most so many. */
  start(atMost: number): Uint8Array;
  /** All bytes in one. */
  bytes(): Uint8Array;
  /**
   * The pieces, in order, for a thread that their memory is transferred to; `giveBack` takes them when it has read them.
   * Until then, and for ever when they are lost over there, the body is its first `LARGE_BODY_BYTES`.
   */
  lend(): LentBody;
  /** Gives the memory back at once, for whoever has read and recorded the answer: nobody may look at the body afterwards. */
  free(): void;
}

export interface LentBody {
  readonly pieces: readonly Uint8Array[];
  giveBack(pieces: readonly Uint8Array[]): void;
}

/** The body of an answer. One that is not large is always there in one. */
export type AnswerBody = Uint8Array | LargeBody;

/** Bodies of more bytes than this are large. */
export const LARGE_BODY_BYTES = 256 * 1024;

/** All bytes of it in one. */
export function wholeBody(body: AnswerBody): Uint8Array {
  return body instanceof Uint8Array ? body : body.bytes();
}

/** The first bytes of it, at most so many. */
export function startOfBody(body: AnswerBody, atMost: number): Uint8Array {
  return body instanceof Uint8Array ? body.subarray(0, atMost) : body.start(atMost);
}

/** What is asked about the large body of an answer. */
export interface LargeBodyQuestion {
  readonly body: AnswerBody;
  /** Of the answer; it names the character set. */
  readonly contentType: string | undefined;
  /** `legacy` is JSON as coreBOS maps read it; `xml-attributes` is XML with all its attributes. */
  readonly format: 'json' | 'legacy' | 'xml' | 'xml-attributes';
  /** Names of members at the top, and indexes of items, that anybody will look at. */
  readonly members: readonly string[];
  /** True: of a list all items are looked at. */
  readonly wantsItems: boolean;
}

/** What is worth knowing of it. */
export interface LargeBodyReading {
  /** The first characters of the text. */
  readonly start: string;
  /** The value as JSON, with those members alone, and of a text its start; undefined when the body is not of its format. */
  readonly json: string | undefined;
  /** The same with every number as it was written, where numbers would lose digits; only of `legacy`. */
  readonly exactJson: string | undefined;
}

/** Reads large bodies where they keep nobody waiting, and gives what is needed of them. */
export interface LargeBodyReader {
  /**
   * Borrows the body while it reads. Never rejects: a body that takes more memory than there is for it counts as not of its
   * format, and is lost but for its start.
   */
  read(question: LargeBodyQuestion): Promise<LargeBodyReading>;
  /** Ends what it is doing; what is asked later is not of its format either. */
  close(): Promise<void>;
}
