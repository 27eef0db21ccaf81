/** What is asked about the large body of an answer. */
export interface LargeBodyQuestion {
  readonly bytes: Uint8Array;
  /** Of the answer; it names the character set. */
  readonly contentType: string | undefined;
  /** `legacy` is JSON as coreBOS maps read it. */
  readonly format: 'json' | 'legacy' | 'xml';
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
  /** Never rejects: a body that takes more memory than there is for it counts as not of its format. */
  read(question: LargeBodyQuestion): Promise<LargeBodyReading>;
  /** Ends what it is doing; what is asked later is not of its format either. */
  close(): Promise<void>;
}

/** Bodies of more bytes than this are large. */
export const LARGE_BODY_BYTES = 256 * 1024;
