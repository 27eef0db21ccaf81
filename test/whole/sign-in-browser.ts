import assert from 'node:assert/strict';

/** A page as a browser got it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser that keeps cookies of one server, and follows no redirect by itself. */
export class SignInBrowser {
  readonly #cookies = new Map<string, string>();

  async open(url: string): Promise<Seen> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(set) ?? [];
      this.#cookies.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Opens the page of a sign-in and goes on from there: gives the address at the provider. */
  async goOn(url: string): Promise<URL> {
    const page = await this.open(url);
    assert.equal(page.status, 200, page.text);
    const link = /<a href="([^"]+)">/u.exec(page.text)?.[1] ?? assert.fail('no way to go on');
    const onward = await this.open(new URL(link, url).href);
    assert.equal(onward.status, 303);
    return new URL(onward.headers.get('location') ?? assert.fail('nowhere to go'));
  }
}

/** Where the provider sends somebody back to, with what is added. */
export function comingBack(provider: URL, answer: Readonly<Record<string, string>>): string {
  const { searchParams } = provider;
  const back = new URL(searchParams.get('redirect_uri') ?? assert.fail('no redirect'));
  back.searchParams.set('state', searchParams.get('state') ?? assert.fail('no state'));
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  return back.href;
}
