import { MapwrightError } from '../../core/error.ts';
import { PUBLIC_URL_SETTING } from '../../core/local-setting.ts';
import { CALLBACK_PATH } from '../../core/sign-in.ts';

/** What is known of how browsers reach the install. */
export interface PublicAddressParts {
  readonly settings: { all(): Promise<Readonly<Record<string, string>>> };
  /** Where this process serves; undefined when it does not. */
  readonly servedAt: () => string | undefined;
  /** True when no other process serves the install. */
  readonly isAlone: boolean;
}

/** Throws SETTING_INVALID for what is no address that browsers could be sent to. */
export function checkPublicUrl(text: string): void {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/u.test(url.protocol) && url.username === '' && url.password === '';
  if (isPlain && url.search === '' && url.hash === '') return;
  throw new MapwrightError('SETTING_INVALID', `${PUBLIC_URL_SETTING}: "${text}" is no address of a server`, {
    hint: 'such as https://maps.example.com, or https://www.example.com/mapwright behind a proxy that takes the path away',
  });
}

/**
 * The address of the install as browsers reach it, without a slash at the end: what the setting says, else where this process
 * serves. Rejects with CREDENTIAL_NO_SERVER or CREDENTIAL_PUBLIC_URL.
 */
export async function publicAddress({ settings, servedAt, isAlone }: PublicAddressParts): Promise<string> {
  const served = servedAt();
  if (isAlone && served === undefined) {
    throw new MapwrightError('CREDENTIAL_NO_SERVER', 'nobody could come back: no server runs for this install', {
      hint: 'start one: mapwright serve',
    });
  }
  const address = (await settings.all())[PUBLIC_URL_SETTING] ?? served;
  if (address !== undefined) return address.replace(/\/+$/u, '');
  throw new MapwrightError('CREDENTIAL_PUBLIC_URL', 'it is not known at which address browsers reach this install', {
    hint: `mapwright setting set ${PUBLIC_URL_SETTING} https://maps.example.com`,
  });
}

/** Where a person begins and comes back. */
export interface SignInAddresses {
  /** What the page that begins it stands below. */
  readonly base: string;
  readonly redirectUrl: string;
}

/**
 * Both have to be at the same host: the browser shows there that it is the one that began. Throws CREDENTIAL_REDIRECT for a
 * redirect of the document that leads elsewhere.
 */
export function signInAddresses(publicUrl: string, documentRedirect: string | undefined): SignInAddresses {
  const usual = `${publicUrl}${CALLBACK_PATH}`;
  if (documentRedirect === undefined) return { base: publicUrl, redirectUrl: usual };
  const redirectUrl = documentRedirect.trim();
  if (redirectUrl.endsWith(CALLBACK_PATH)) return { base: redirectUrl.slice(0, -CALLBACK_PATH.length), redirectUrl };
  if (URL.parse(redirectUrl)?.host === URL.parse(publicUrl)?.host) return { base: publicUrl, redirectUrl };
  throw new MapwrightError(
    'CREDENTIAL_REDIRECT',
    `nobody could come back: the redirect ${redirectUrl} is no address of ours`,
    {
      hint: `leave <redirect> away, which gives ${usual}, or let it end with ${CALLBACK_PATH}`,
    },
  );
}
