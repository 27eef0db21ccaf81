import type { SourceText } from '../../core/diagnostic.ts';
import { quoted } from '../../xml/problem.ts';
import type { NetworkPart } from '../network.ts';
import type { LegacyElement } from './legacy-element.ts';

const PROXY_HOST = /^(?:https?:\/\/)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/u;
const PORT = /^[1-9][0-9]{0,4}$/u;

/**
 * How a coreBOS map says that its calls travel: through `wsproxyhost`, and unverified where `certinsecure` is 0, which the
 * original hands to curl as what is to be verified. Without `certinsecure` it verifies nothing; here everything is. Tells
 * COREBOS_PROXY_INVALID, NETWORK_UNVERIFIED.
 */
export function readLegacyNetwork(open: LegacyElement): NetworkPart | undefined {
  const proxy = readProxy(open);
  const verify = readVerify(open);
  if (proxy === undefined && verify === undefined) return undefined;
  return {
    proxy,
    verify,
    proxyCredential: undefined,
    authority: undefined,
    minTls: undefined,
    redirects: undefined,
    connections: undefined,
    http2: undefined,
    compression: undefined,
  };
}

function readProxy(open: LegacyElement): SourceText | undefined {
  const host = open.filled('wsproxyhost');
  const port = open.filled('wsproxyport');
  if (host === undefined) {
    if (port !== undefined) warnOfProxy(open, port);
    return undefined;
  }
  if (!PROXY_HOST.test(host.value) || port === undefined) return warnOfProxy(open, host);
  if (!PORT.test(port.value) || Number(port.value) > 65_535) return warnOfProxy(open, port);
  const origin = /^https?:/iu.test(host.value) ? host.value : `http://${host.value}`;
  return { value: `${origin}:${port.value}`, range: host.range, positionAt: () => host.range.start };
}

function warnOfProxy(open: LegacyElement, text: SourceText): undefined {
  const message = `${quoted(text.value)} names no proxy, so calls go straight to the other system`;
  open.at.warningAt(text, 'COREBOS_PROXY_INVALID', message, 'give wsproxyhost a host and wsproxyport a number');
}

function readVerify(open: LegacyElement): false | undefined {
  const text = open.filled('certinsecure');
  if (text === undefined || /^[12]$/u.test(text.value)) return undefined;
  if (text.value === '0') {
    open.at.warningAt(
      text,
      'NETWORK_UNVERIFIED',
      'certinsecure 0 turns verification off: anybody on the way can read and change these calls',
      'remove certinsecure; for a certificate of your own authority, name a service with <network authority="..."/>',
    );
    return false;
  }
  open.at.warningAt(
    text,
    'COREBOS_VALUE_UNKNOWN',
    `${quoted(text.value)} is no certinsecure, so certificates are verified`,
    '1 or 2: verified; 0: not',
  );
  return undefined;
}
