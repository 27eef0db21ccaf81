import { RETENTION_SETTINGS } from './retention.ts';

/** The setting that names the private addresses which may be called. */
export const EGRESS_SETTING = 'egress.allow';

/** The setting that names the origins whose web pages may read answers: `https://shop.example.com`, with blanks between. */
export const CORS_SETTING = 'webservice_cors_origins';

/** The setting that names the mail server: whom the secret `smtp_password` is given to. */
export const SMTP_SETTING = 'smtp_url';

/** The setting that names the sender of messages which say nothing of their own. */
export const SENDER_SETTING = 'smtp_from';

/** The setting that says how people are told where a notice does not: `app`, `mail`, or both. */
export const NOTIFY_BY_SETTING = 'notify_by';

/** The setting that says how many notices of one cause leave the product for one receiver in an hour; 10 when it is not set. */
export const NOTIFY_PER_HOUR_SETTING = 'notify_per_hour';

/** The setting that says at which address browsers reach the install: `https://maps.example.com`. */
export const PUBLIC_URL_SETTING = 'public_url';

/** Settings that keep the install safe: set where it runs, by neither the web service nor an expression of a document. */
export const LOCAL_SETTINGS: ReadonlySet<string> = new Set([
  EGRESS_SETTING,
  CORS_SETTING,
  SMTP_SETTING,
  PUBLIC_URL_SETTING,
  ...RETENTION_SETTINGS,
]);
