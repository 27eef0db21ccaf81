/** The setting that names the private addresses which may be called. */
export const EGRESS_SETTING = 'egress.allow';

/** The setting that names the origins whose web pages may read answers: `https://shop.example.com`, with blanks between. */
export const CORS_SETTING = 'webservice_cors_origins';

/** The setting that names the mail server: whom the secret `smtp_password` is given to. */
export const SMTP_SETTING = 'smtp_url';

/** Settings that keep the install safe: set where it runs, by neither the web service nor an expression of a document. */
export const LOCAL_SETTINGS: ReadonlySet<string> = new Set([EGRESS_SETTING, CORS_SETTING, SMTP_SETTING]);
