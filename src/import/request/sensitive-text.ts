const PARTS = [
  'apikey',
  'accesskey',
  'privatekey',
  'subscriptionkey',
  'secret',
  'password',
  'passwd',
  'passphrase',
  'token',
  'jwt',
  'credential',
  'authorization',
  'signature',
  'sessionid',
];
const WHOLE = ['key', 'auth', 'pass', 'pwd', 'sid', 'session', 'xauth'];
const HARMLESS = [
  'tokentype',
  'tokenendpoint',
  'tokenurl',
  'passwordreset',
  'signaturemethod',
  'idempotencykey',
  'maxtokens',
  'tokens',
];

/** True for the name of a header, field or parameter whose value is likely to be a secret. */
export function isSensitiveName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
  if (HARMLESS.some((one) => plain.endsWith(one))) return false;
  return WHOLE.includes(plain) || PARTS.some((part) => plain.includes(part)) || plain.endsWith('auth');
}

/** True for values of the shapes that providers give to their keys, and for tokens of JWT. */
export function looksLikeKey(value: string): boolean {
  return /^(?:(?:sk|rk|pk)[-_][A-Za-z0-9_-]{12,}|gh[opsru]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|shp(?:at|ca|pa)_\w{16,}|glpat-[\w-]{16,}|AKIA[A-Z0-9]{12,}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)$/u.test(
    value,
  );
}
