/** Where the product takes the time from. Milliseconds since 1970-01-01T00:00:00Z. */
export interface Clock {
  now(): number;
}

/** A source of numbers in [0, 1) that need not be unguessable: jitter, sampling. */
export interface Random {
  next(): number;
}

/** A source of unguessable text identifiers (RFC 9562 UUID text). */
export interface Ids {
  next(): string;
}
