import { createPrivateKey, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { ServedInstall } from '../../../src/cli/serve-install.ts';
import type { CredentialKind } from '../../../src/core/credential.ts';
import type { HeardRequest, PeerRules } from './chatty-peer.ts';

/** One kind of credential, with every secret that it may have, and the other side that checks it. */
export interface Scene {
  readonly name: string;
  readonly kind: CredentialKind;
  /** The content of the credential document. */
  readonly parts: string;
  /** As the administrator stores them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What must not be seen and the other side never gets to know: keys, passphrases. */
  readonly own?: readonly string[];
  readonly isSoap?: boolean;
  /** The name of a secret that is one line. */
  readonly spelled?: string;
  open(t: TestContext): Promise<SceneSide> | SceneSide;
}

export interface SceneSide {
  readonly rules: PeerRules;
  readonly settings?: Readonly<Record<string, string>>;
  /** What a person does before the first call. */
  connect?(install: ServedInstall['install']): Promise<void>;
}

/** A text that nobody else writes, and that looks different in each form in which it travels. */
export function canary(name: string): string {
  return `${name}-${randomBytes(6).toString('hex')}+/=&%9 "ü"<x>'(1)*!~`;
}

/** One that a cookie can carry. */
export function plainCanary(name: string): string {
  return `${name}-${randomBytes(9).toString('hex')}+/=&%9'(1)*!~`;
}

/** A line out of the middle of a PEM text. */
export function middleLine(pem: string): string {
  const lines = pem.trim().split('\n');
  return lines[Math.floor(lines.length / 2)] ?? '';
}

/** The same private key under a passphrase. */
export function locked(pem: string, passphrase: string): string {
  const key = createPrivateKey(pem);
  return key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
}

/** What stands in a header behind its scheme, as the bytes that were sent. */
export function sentIn({ headers }: HeardRequest, name: string): string {
  const value = headers[name];
  return Buffer.from(String(value ?? ''), 'latin1').toString();
}

export function withoutScheme(header: string): string {
  return header.replace(/^\S+\s+/u, '');
}
