import assert from 'node:assert/strict';
import { createHash, createPublicKey, type KeyLike, verify } from 'node:crypto';
import { test } from 'node:test';
import { SignedXml } from 'xml-crypto';
import type { CallRequest } from '../../../src/core/call.ts';
import type { Credential, KeyedCertificate } from '../../../src/core/credential.ts';
import { applyPlain } from '../../../src/connector/credential/plain-kinds.ts';
import { canonicalXml } from '../../../src/connector/credential/exclusive-c14n.ts';
import type { XmlElement } from '../../../src/xml/element.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { fixture } from '../peer.ts';
import { applyingWith, sending } from './signed-calls.ts';

const NOW = '2026-11-23T12:00:00.000Z';
const NONCE = Buffer.from('0123456789abcdef');
const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';
const named = { name: 'bank', subject: '' };
const pem: KeyedCertificate = {
  format: 'pem',
  certificate: fixture('client.cert.pem'),
  key: fixture('client.key.pem'),
  passphrase: undefined,
};

function envelope(content: string, namespace = SOAP_11): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<e:Envelope xmlns:e="${namespace}" xmlns:n="urn:n">${content}</e:Envelope>\n`;
}

type Token = Extract<Credential, { kind: 'ws-username-token' }>;

function token(more: Partial<Token> = {}): Token {
  return { ...named, kind: 'ws-username-token', user: 'crm & co', password: 'p<ä>ss', isDigest: false, ...more };
}

function signing(certificate: KeyedCertificate = pem): Extract<Credential, { kind: 'ws-signature' }> {
  return { ...named, kind: 'ws-signature', certificate };
}

function sent(body: CallRequest['body'], credential: Token | ReturnType<typeof signing>, now = NOW): string {
  const request = sending('https://a.example/', { method: 'POST', body });
  return String(applyPlain(request, credential, applyingWith(now, NONCE)).body);
}

function read(text: string): XmlElement {
  const { root, problem } = parseXml(text);
  if (root === undefined) throw new Error(problem.message);
  return root;
}

function find(element: XmlElement, name: string): XmlElement {
  const found = findAll(element, name)[0];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function findAll(element: XmlElement, name: string): XmlElement[] {
  const own = element.name === name ? [element] : [];
  return [...own, ...element.children.flatMap((child) => findAll(child, name))];
}

function textOf(element: XmlElement, name: string): string {
  return find(element, name).text().value;
}

test('a user and a password stand in the header, with a nonce and the time', () => {
  const root = read(sent(envelope('<e:Body><n:ask/></e:Body>'), token()));
  const [header, body] = root.children;
  assert.deepEqual([header?.name, body?.name], ['Header', 'Body']);
  assert.equal(textOf(root, 'Username'), 'crm & co');
  assert.equal(textOf(root, 'Password'), 'p<ä>ss');
  assert.match(find(root, 'Password').attributes.get('Type')?.value ?? '', /#PasswordText$/u);
  assert.equal(textOf(root, 'Created'), NOW);
  assert.equal(find(root, 'Security').attributes.get('e:mustUnderstand')?.value, '1');
});

test('a password that is hashed is not in the message', () => {
  const text = sent(envelope('<e:Body/>', SOAP_12), token({ isDigest: true }));
  const root = read(text);
  const hash = createHash('sha1').update(NONCE).update(NOW).update('p<ä>ss').digest('base64');
  assert.equal(textOf(root, 'Password'), hash);
  assert.equal(Buffer.from(textOf(root, 'Nonce'), 'base64').toString(), '0123456789abcdef');
  assert.match(find(root, 'Password').attributes.get('Type')?.value ?? '', /#PasswordDigest$/u);
});

for (const [what, header] of [
  ['no header', ''],
  ['an empty header', '<e:Header/>'],
  ['a header with an attribute', '<e:Header n:a="x>y" />'],
  ['a header with content', '<e:Header><n:Session>7</n:Session></e:Header>'],
] as const) {
  test(`an envelope with ${what} gets one security header, and keeps the others`, () => {
    const root = read(sent(envelope(`${header}<e:Body><n:ask/></e:Body>`), token()));
    assert.deepEqual(
      root.children.map(({ name }) => name),
      ['Header', 'Body'],
    );
    assert.equal(root.children[0]?.children[0]?.name, 'Security');
    assert.equal(findAll(root, 'Session').length, header.includes('Session') ? 1 : 0);
  });
}

test('an envelope in the default namespace and one of bytes are taken too', () => {
  const plain = `<Envelope xmlns="${SOAP_11}"><Body><ask xmlns="urn:n"/></Body></Envelope>`;
  const root = read(sent(Buffer.from(plain), token()));
  assert.equal(root.children[0]?.namespace, SOAP_11);
  assert.equal(find(root, 'Security').attributes.get('soap:mustUnderstand')?.namespace, SOAP_11);
});

for (const body of ['{"a":1}', '<a/>', '', envelope('<e:Header/>'), '<Envelope><Body/></Envelope>']) {
  test(`what is no envelope is not sent: ${body.slice(0, 30)}`, () => {
    assert.throws(() => sent(body, token()), { code: 'CREDENTIAL_NOT_SOAP' });
    assert.throws(() => sent(body, signing()), { code: 'CREDENTIAL_NOT_SOAP' });
  });
}

test('a request without a body, as for a WSDL, stays as it is', () => {
  const request = sending('https://a.example/?wsdl');
  assert.equal(applyPlain(request, token(), applyingWith()), request);
  assert.equal(applyPlain(request, signing(), applyingWith()), request);
});

const PAIRS = { rsa: 'signer', ec: 'client' } as const;

function pair(name: string): KeyedCertificate {
  const [certificate, key] = [fixture(`${name}.cert.pem`), fixture(`${name}.key.pem`)];
  return { format: 'pem', certificate, key, passphrase: undefined };
}

/** What the other implementation lacks. */
class EcdsaSha256 {
  getAlgorithmName = (): string => 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';

  getSignature = (): never => {
    throw new Error('signs nothing');
  };

  verifySignature = (material: string, key: KeyLike, value: string): boolean =>
    verify(
      'sha256',
      Buffer.from(material),
      { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' },
      Buffer.from(value, 'base64'),
    );
}

/** The parts of the message that another implementation finds signed; throws when the signature is wrong. */
function verified(text: string, certificate: string): string[] {
  const signature = /<ds:Signature .*<\/ds:Signature>/su.exec(text)?.[0] ?? '';
  const verifier = new SignedXml({ publicCert: certificate, idMode: 'wssecurity' });
  verifier.SignatureAlgorithms = {
    ...verifier.SignatureAlgorithms,
    'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': EcdsaSha256,
  };
  verifier.loadSignature(signature);
  if (!verifier.checkSignature(text)) throw new Error('the signature is wrong');
  return verifier.getSignedReferences();
}

for (const [what, content] of [
  ['a plain body', '<e:Body><n:ask><n:id>7</n:id></n:ask></e:Body>'],
  ['an empty body', '<e:Body/>'],
  [
    'a body with an id of its own',
    '<e:Body xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" u:Id="mine"><n:ask/></e:Body>',
  ],
  [
    'references, CDATA and line ends',
    '<e:Body><n:ask a="&lt;&#10;&quot;&amp;\'&gt;">&lt;ü&gt; <![CDATA[<raw> & ]]>]]&gt;\r\n&#13;\t</n:ask ></e:Body >',
  ],
  ['comments between texts', '<e:Body>a<!-- no > part --><n:x/>b<!-- of -->c</e:Body>'],
  [
    'namespaces declared anew',
    '<e:Body><x xmlns="urn:d"><y xmlns=""><n:z xmlns:n="urn:other" n:b="2" b="1" xmlns:a="urn:a" a:b="0"/></y></x><n:z n:q="1"/></e:Body>',
  ],
  ['attributes in any order', `<e:Body><n:x z='1' a = "2" n:a="3" xmlns:b="urn:b" b:a="4" xml:lang="de"/></e:Body>`],
  [
    'types of values',
    '<e:Header><n:h/></e:Header><e:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><n:x xsi:type="n:y" xsi:nil="false">1</n:x></e:Body>',
  ],
] as const) {
  test(`another implementation finds the signature of ${what} right`, () => {
    for (const [namespace, name] of [
      [SOAP_11, PAIRS.rsa],
      [SOAP_12, PAIRS.ec],
    ] as const) {
      const text = sent(envelope(content, namespace), signing(pair(name)));
      const signed = verified(text, fixture(`${name}.cert.pem`));
      assert.equal(signed.length, 2);
      assert.match(signed[0] ?? '', /^<wsu:Timestamp /u);
      assert.match(signed[1] ?? '', /^<e:Body /u);
    }
  });
}

for (const name of Object.values(PAIRS)) {
  test(`what the key of ${name} has signed cannot be changed unnoticed`, () => {
    const certificate = fixture(`${name}.cert.pem`);
    const text = sent(envelope('<e:Body><n:amount>7</n:amount></e:Body>'), signing(pair(name)));
    verified(text, certificate);
    assert.throws(() => verified(text.replace('>7<', '>8<'), certificate));
    assert.throws(() => verified(text.replace(NOW, '2026-11-23T13:00:00.000Z'), certificate));
    assert.throws(() => verified(text, fixture('localhost.cert.pem')));
  });
}

test('the certificate goes along, and the message says when it ends', () => {
  const root = read(sent(envelope('<e:Body/>'), signing()));
  const der = Buffer.from(textOf(root, 'BinarySecurityToken'), 'base64').toString('base64');
  assert.equal(der, fixture('client.cert.pem').replaceAll(/-----[^-]+-----|\s/gu, ''));
  assert.equal(textOf(root, 'Expires'), '2026-11-23T12:05:00.000Z');
  const id = find(root, 'BinarySecurityToken').attributes.get('wsu:Id')?.value;
  assert.equal(find(find(root, 'SecurityTokenReference'), 'Reference').attributes.get('URI')?.value, `#${id}`);
});

for (const [what, certificate] of [
  ['of another key', { ...pem, key: fixture('localhost.key.pem') }],
  ['that has run out', { ...pem, certificate: fixture('expired.cert.pem'), key: fixture('expired.key.pem') }],
  ['whose key is locked', { ...pem, key: fixture('client-locked.key.pem') }],
  ['that is none', { ...pem, certificate: 'hello' }],
  ['without a key', { ...pem, key: 'hello' }],
  ['in PKCS #12', { format: 'p12', file: 'AAAA', passphrase: undefined }],
] as const) {
  test(`nothing is signed with a certificate ${what}`, () => {
    assert.throws(() => sent(envelope('<e:Body/>'), signing(certificate)), { code: 'CREDENTIAL_CERTIFICATE' });
  });
}

test('the example of Exclusive XML Canonicalization section 2.2 comes out as it does there', () => {
  const text =
    '<n0:local xmlns:n0="foo:bar" xmlns:n3="ftp://example.org"><n1:elem2 xmlns:n1="http://example.net" xml:lang="en">\n     <n3:stuff/>\n  </n1:elem2></n0:local>';
  const inner = find(read(text), 'elem2');
  const expected =
    '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en">\n     <n3:stuff xmlns:n3="ftp://example.org"></n3:stuff>\n  </n1:elem2>';
  assert.equal(canonicalXml(text, inner), expected);
});
