/** What a credential is put into a request with. */
export interface Applying {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** So many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** Told every secret that comes up on the way, before it can be seen anywhere. */
  readonly onSecret: (secret: string) => void;
}
