import type { Located, SourceText } from '../core/diagnostic.ts';
import type { Compression, Redirects, TlsVersion } from '../core/network.ts';

/** How calls travel; undefined members are the default. Texts may hold `{setting.x}`. */
export interface NetworkPart {
  /** Address of an HTTP proxy. */
  readonly proxy: SourceText | undefined;
  /** The credential, of kind basic, that the proxy asks for. */
  readonly proxyCredential: Located<string> | undefined;
  /** PEM. */
  readonly authority: SourceText | undefined;
  readonly minTls: TlsVersion | undefined;
  readonly verify: boolean | undefined;
  readonly redirects: Redirects | undefined;
  readonly connections: number | undefined;
  readonly http2: boolean | undefined;
  readonly compression: Compression | undefined;
}
