/** What becomes of an option of curl. */
type Meaning =
  | { readonly kind: 'taken'; readonly name: string; readonly hasValue: boolean }
  /** Says how curl itself behaves, which makes no difference to the call. */
  | { readonly kind: 'ignored'; readonly hasValue: boolean }
  /** Cannot be taken over; told. */
  | { readonly kind: 'told'; readonly hasValue: boolean };

const TAKEN_WITH_VALUE =
  'request header data data-raw data-binary data-ascii data-urlencode json form form-string user url url-query cookie user-agent referer ' +
  'oauth2-bearer proxy cert key cacert max-time connect-timeout aws-sigv4 upload-file pass';
const TAKEN_ALONE =
  'get head insecure compressed location digest basic anyauth http2 http2-prior-knowledge tlsv1.2 tlsv1.3 proxytunnel';
const IGNORED_WITH_VALUE =
  'output write-out dump-header limit-rate max-filesize output-dir create-file-mode stderr trace trace-ascii keepalive-time config max-redirs ' +
  'retry retry-delay retry-max-time speed-limit speed-time rate parallel-max expect100-timeout happy-eyeballs-timeout-ms';
const IGNORED_ALONE =
  'silent show-error verbose include fail fail-with-body fail-early progress-bar no-buffer remote-name remote-name-all remote-header-name ' +
  'globoff no-keepalive ipv4 ipv6 http1.1 http1.0 tcp-nodelay no-progress-meter parallel raw styled-output create-dirs disable no-sessionid path-as-is ' +
  'tcp-fastopen suppress-connect-headers location-trusted retry-connrefused retry-all-errors tlsv1 xattr ssl ssl-reqd crlf';
const TOLD_WITH_VALUE =
  'cookie-jar resolve connect-to interface proxy-user proxy-header ciphers tls13-ciphers range continue-at time-cond netrc-file unix-socket ' +
  'abstract-unix-socket cert-type key-type pinnedpubkey tls-max socks5 socks5-hostname socks4 dns-servers local-port noproxy proto proto-default ' +
  'request-target capath crlfile engine krb login-options mail-from mail-rcpt quote service-name sasl-authzid tlsuser tlspassword preproxy';
const TOLD_ALONE =
  'netrc netrc-optional negotiate ntlm proxy-anyauth proxy-basic proxy-digest proxy-insecure ftp-pasv append next';

const SHORT: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  F: 'form',
  u: 'user',
  b: 'cookie',
  A: 'user-agent',
  e: 'referer',
  G: 'get',
  I: 'head',
  k: 'insecure',
  L: 'location',
  x: 'proxy',
  E: 'cert',
  m: 'max-time',
  T: 'upload-file',
  o: 'output',
  w: 'write-out',
  D: 'dump-header',
  c: 'cookie-jar',
  K: 'config',
  C: 'continue-at',
  r: 'range',
  z: 'time-cond',
  U: 'proxy-user',
  y: 'speed-time',
  Y: 'speed-limit',
  s: 'silent',
  S: 'show-error',
  v: 'verbose',
  i: 'include',
  f: 'fail',
  '#': 'progress-bar',
  N: 'no-buffer',
  O: 'remote-name',
  J: 'remote-header-name',
  R: 'remote-time',
  g: 'globoff',
  '4': 'ipv4',
  '6': 'ipv6',
  '0': 'http1.0',
  '1': 'tlsv1',
  n: 'netrc',
  p: 'proxytunnel',
  q: 'disable',
  Z: 'parallel',
  a: 'append',
};

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...names(TAKEN_WITH_VALUE).map((name) => [name, { kind: 'taken', name, hasValue: true }] as const),
  ...names(TAKEN_ALONE).map((name) => [name, { kind: 'taken', name, hasValue: false }] as const),
  ...names(IGNORED_WITH_VALUE).map((name) => [name, { kind: 'ignored', hasValue: true }] as const),
  ...names(IGNORED_ALONE).map((name) => [name, { kind: 'ignored', hasValue: false }] as const),
  ...names(TOLD_WITH_VALUE).map((name) => [name, { kind: 'told', hasValue: true }] as const),
  ...names(TOLD_ALONE).map((name) => [name, { kind: 'told', hasValue: false }] as const),
]);

function names(list: string): string[] {
  return list.split(' ');
}

/** One option that says something about the call, in the order given; `url` for what stands alone. */
export interface CurlOption {
  readonly name: string;
  readonly value: string;
}

export interface CurlArguments {
  readonly options: readonly CurlOption[];
  /** As they were written: `--cookie-jar`. */
  readonly told: readonly string[];
}

/** Divides the words after `curl` into options, as curl does: `-sSXPOST`, `--request=` is none, `--` is none. */
export function curlArguments(words: readonly string[]): CurlArguments {
  const options: CurlOption[] = [];
  const told: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (/^--./u.test(word)) {
      const meaning = longOption(word.slice(2));
      const value = meaning?.hasValue === true ? (words[++at] ?? '') : '';
      keep(meaning, { written: word, value }, options, told);
    } else if (/^-./u.test(word)) {
      at += shortOptions(word, words[at + 1], options, told);
    } else if (word !== '') options.push({ name: 'url', value: word });
  }
  return { options, told };
}

/** A long option may be shortened, and `--no-` in front of one switches it off. */
function longOption(name: string): Meaning | undefined {
  const exact = MEANINGS.get(name);
  if (exact !== undefined) return exact;
  if (name.startsWith('no-')) return { kind: 'ignored', hasValue: false };
  const [only, second] = [...MEANINGS.keys()].filter((known) => known.startsWith(name));
  return only !== undefined && second === undefined ? MEANINGS.get(only) : undefined;
}

/** How many further words it took. */
function shortOptions(word: string, next: string | undefined, options: CurlOption[], told: string[]): number {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? '';
    const meaning = MEANINGS.get(SHORT[letter] ?? '');
    if (meaning?.hasValue !== true) {
      keep(
        meaning ?? (SHORT[letter] === undefined ? undefined : { kind: 'ignored', hasValue: false }),
        { written: `-${letter}`, value: '' },
        options,
        told,
      );
      continue;
    }
    const rest = word.slice(at + 1);
    keep(meaning, { written: `-${letter}`, value: rest === '' ? (next ?? '') : rest }, options, told);
    return rest === '' ? 1 : 0;
  }
  return 0;
}

function keep(
  meaning: Meaning | undefined,
  { written, value }: { readonly written: string; readonly value: string },
  options: CurlOption[],
  told: string[],
): void {
  if (meaning?.kind === 'taken') options.push({ name: meaning.name, value });
  else if (meaning?.kind !== 'ignored') told.push(written);
}
