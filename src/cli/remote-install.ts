import type { RemoteInstall } from './open-administration.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

/** The options that name an install on another machine. */
interface RemoteOptions {
  readonly dir?: string;
  readonly at?: string;
  readonly url?: string;
  readonly token?: string;
}

/**
 * The install on another machine that a command is about: `--url`, else MAPWRIGHT_URL unless a folder is named; nothing
 * when it is one of this machine. Throws a usage error for what is no address, and without a token.
 */
export function remoteInstall(
  options: RemoteOptions,
  { environment, printError }: Pick<Shell, 'environment' | 'printError'>,
): { readonly remote?: RemoteInstall } {
  const { dir, at, url: named, token: given } = options;
  const isLocal = dir !== undefined || at !== undefined;
  if (named !== undefined && isLocal) throw new UsageError('--url and --dir both name an install', 'give one of them');
  const url = named ?? (isLocal ? undefined : environment['MAPWRIGHT_URL'] || undefined);
  if (url === undefined) return {};
  const server = serverAt(url);
  // A file of a token often ends with a line break.
  const token = (given ?? environment['MAPWRIGHT_TOKEN'] ?? '').trim();
  if (token === '') {
    throw new UsageError(
      `no token for ${server.href} was given`,
      'MAPWRIGHT_TOKEN=mw_... ; there: mapwright token create NAME --role operator',
    );
  }
  // What sends it would quote it in its own complaint.
  if (!/^[\x21-\x7e]+$/u.test(token)) {
    throw new UsageError('the token has characters that no token has', 'it is one word: mw_...');
  }
  if (server.protocol === 'http:' && !isThisMachine(server.hostname)) {
    printError(`warning: ${server.origin} is not encrypted: whoever is on the way can read the token; take https://`);
  }
  return { remote: { url: server.href.replace(/\/+$/u, ''), token } };
}

/** Throws a usage error for what is no address of a server, or more than one; a password in it is not repeated. */
function serverAt(text: string): URL {
  const server = URL.parse(text);
  const hint = 'such as https://maps.example.com';
  if (server === null || !/^https?:$/u.test(server.protocol)) {
    throw new UsageError(`"${text}" is no address of a server`, hint);
  }
  if (server.username !== '' || server.password !== '') {
    throw new UsageError('the address has a name or password in it: a token is what lets you in', hint);
  }
  if (server.search === '' && server.hash === '') return server;
  throw new UsageError(`"${text}" has more behind the path than an address of a server has`, hint);
}

/** The names of this machine that never leave it. */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.[\d.]+$/u.test(hostname);
}
