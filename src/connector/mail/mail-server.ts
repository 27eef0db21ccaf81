import { InvalidRequestError } from '../outgoing-request.ts';

/** A mail server as the setting names it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** True: TLS from the start, as `smtps://` says. */
  readonly isSecure: boolean;
  readonly user: string | undefined;
}

const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;
const HINT = 'mapwright setting set smtp_url smtp://user@mail.example.com:587';

/** Reads `smtp://user@host:port`; throws InvalidRequestError. A password does not belong into a setting. */
export function readMailServer(text: string): MailServer {
  const url = URL.parse(text.trim());
  const port = url === null ? undefined : PORTS[url.protocol as keyof typeof PORTS];
  if (url === null || port === undefined || url.hostname === '') {
    throw new InvalidRequestError('smtp_url is not the address of a mail server', HINT);
  }
  if (url.password !== '') {
    const hint = 'leave the password out of smtp_url, and store it: mapwright secret set smtp_password';
    throw new InvalidRequestError('smtp_url holds a password', hint);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: url.port === '' ? port : Number(url.port),
    isSecure: url.protocol === 'smtps:',
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
  };
}
