import { COMPRESSIONS, REDIRECTS, TLS_VERSIONS } from '../../core/network.ts';
import { BOOLEAN, choice, COUNT, FILLED } from '../attribute-kind.ts';
import type { NetworkPart } from '../network.ts';
import { shape, type Place } from '../place.ts';
import { withoutMarkupBlanks } from './markup-blanks.ts';

const NETWORK = shape({
  attributes: {
    proxy: FILLED,
    'proxy-credential': FILLED,
    authority: FILLED,
    'min-tls': choice(...TLS_VERSIONS),
    verify: BOOLEAN,
    redirects: choice(...REDIRECTS),
    connections: COUNT,
    http2: BOOLEAN,
    compression: choice(...COMPRESSIONS),
  },
  children: { authority: 'optional' },
});

const AUTHORITY = shape({ attributes: {}, text: true });

/** `<network proxy="..." authority="{setting.company_ca}"/>`: tells NETWORK_AUTHORITY, NETWORK_AUTHORITY_TWICE, NETWORK_PROXY_CREDENTIAL, NETWORK_UNVERIFIED. */
export function readNetwork(place: Place | undefined): NetworkPart | undefined {
  if (place === undefined) return undefined;
  const open = place.open(NETWORK);
  const { attributes } = open;
  const { proxy, verify, redirects, connections, http2, compression } = attributes;
  const written = open.child('authority');
  written?.open(AUTHORITY);
  if (written !== undefined && open.has('authority')) {
    written.error('NETWORK_AUTHORITY_TWICE', 'the authority is given twice', 'keep the attribute or the element');
  }
  const login = attributes['proxy-credential'];
  if (login !== undefined && !open.has('proxy')) {
    const hint = 'add proxy="http://proxy.example.com:3128", or remove proxy-credential';
    place.errorAt(login, 'NETWORK_PROXY_CREDENTIAL', 'there is no proxy to log in to', hint);
  }
  const text = written && withoutMarkupBlanks(written.element.text());
  if (written !== undefined && text?.value === '') {
    written.error(
      'NETWORK_AUTHORITY',
      '<authority> is empty',
      'put the certificate there: -----BEGIN CERTIFICATE-----',
    );
  }
  if (verify === false) warnOfTrust(place);
  return {
    proxy,
    proxyCredential: login,
    authority: attributes.authority ?? text,
    minTls: attributes['min-tls'],
    verify,
    redirects,
    connections,
    http2,
    compression,
  };
}

function warnOfTrust(place: Place): void {
  const range = place.element.attributes.get('verify')?.source.range ?? place.element.nameRange;
  place.warningAt(
    { range },
    'NETWORK_UNVERIFIED',
    'whoever answers is taken for the other side: anybody on the way can read and change these calls',
    'give the certificate of its authority instead: authority="{setting.company_ca}"',
  );
}
