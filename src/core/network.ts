/** Redirects that are followed: none; those to the same host; those to any host. */
export const REDIRECTS = ['none', 'same-host', 'any'] as const;

export type Redirects = (typeof REDIRECTS)[number];

/** What is compressed: nothing; answers, where the other side can; answers, and larger requests as well. */
export const COMPRESSIONS = ['none', 'answers', 'both'] as const;

export type Compression = (typeof COMPRESSIONS)[number];

/** Versions of TLS that may be demanded at least; nothing below the first is ever spoken. */
export const TLS_VERSIONS = ['1.2', '1.3'] as const;

export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** An HTTP proxy that calls go through. */
export interface ProxyRules {
  /** `http://proxy.example.com:3128`, or `https://`, without a path. */
  readonly url: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/**
 * How the calls of a service travel; what is left out is the default. May hold a password in plain text: never stored or
 * logged.
 */
export interface NetworkRules {
  readonly proxy?: ProxyRules | undefined;
  /** PEM: authorities whose certificates are trusted besides those of the install. */
  readonly authority?: string | undefined;
  /** Default 1.2. */
  readonly minTls?: TlsVersion | undefined;
  /** False: whoever answers is believed to be the other side. Default true. */
  readonly verify?: boolean | undefined;
  /** Default none: a redirect is an answer. */
  readonly redirects?: Redirects | undefined;
  /** Connections in use at once. Default: the connector's. */
  readonly connections?: number | undefined;
  /** True: HTTP/2 where the other side offers it. */
  readonly http2?: boolean | undefined;
  /** Default none: no compressed answer is asked for; one that comes is read all the same. */
  readonly compression?: Compression | undefined;
}
