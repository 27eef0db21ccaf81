import { createHash } from 'node:crypto';
import type { FinishedSignIn, SignInOffer } from '../../core/sign-in.ts';

/** A page without scripts, and without anything of another place. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** Where one goes on; below the address of the page. */
  readonly link?: { readonly to: string; readonly text: string };
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem;color:#222;background:#fff}
h1{font-size:1.4rem}a{display:inline-block;padding:.5rem 1.2rem;border-radius:.3rem;background:#1f5fa8;color:#fff;text-decoration:none}
p{overflow-wrap:anywhere}`;

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  // The address of the page is what signs in.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** The page as an answer. */
export function pageResponse(
  { status, title, paragraphs, link }: Page,
  more: Readonly<Record<string, string>> = {},
): Response {
  const texts = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`);
  const onward = link === undefined ? '' : `<p><a href="${escapeHtml(link.to)}">${escapeHtml(link.text)}</a></p>`;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head><body><h1>${escapeHtml(title)}</h1>
${[...texts, onward].join('\n')}
</body></html>
`;
  return new Response(html, { status, headers: { ...HEADERS, ...more } });
}

/** Sends the browser on to the provider, which learns nothing of where it comes from. */
export function onwardResponse(url: string, cookie: string): Response {
  const { 'Content-Type': _, ...headers } = HEADERS;
  return new Response(null, { status: 303, headers: { ...headers, Location: url, 'Set-Cookie': cookie } });
}

/** What somebody sees before they sign in: whose account it will be, and who asked for it; `isLed` where they did not come from it. */
export function offerPage(offer: SignInOffer, goOn: string, isLed = false): Page {
  const { credential, person, by, startedAt, providerUrl } = offer;
  const provider = URL.parse(providerUrl)?.host ?? providerUrl;
  const whose =
    person === undefined
      ? 'Mapwright will call it with your account there for everybody who uses this install.'
      : `Mapwright will call it with this account in the name of ${person}.`;
  return {
    status: 200,
    title: person === undefined ? `Connect ${credential}` : `Connect ${credential} for ${person}`,
    paragraphs: [
      `You will sign in at ${provider}. ${whose}`,
      `${by} asked for this at ${new Date(startedAt).toISOString().slice(11, 16)} UTC. Go on only when you know of it.`,
      ...(isLed ? ['You have not come from this page, or your browser keeps no cookies, which it has to.'] : []),
    ],
    link: { to: goOn, text: `Go on to ${provider}` },
  };
}

export function connectedPage({ credential, person }: FinishedSignIn): Page {
  return {
    status: 200,
    title: 'Connected',
    paragraphs: [
      person === undefined ? `${credential} is connected.` : `${credential} is connected for ${person}.`,
      'You may close this window.',
    ],
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}
