import assert from 'node:assert/strict';

/** Signs somebody in at the provider's own pages, as a browser would, up to the redirect back: gives that address. */
export async function signIn(address: string, person: string, redirectUrl: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next: { url: string; form?: URLSearchParams } = { url: address };
  for (let hops = 0; hops < 20; hops++) {
    if (next.url.startsWith(redirectUrl)) return new URL(next.url);
    const { url, form } = next;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const set of response.headers.getSetCookie()) keepCookie(cookies, set);
    const location = response.headers.get('location');
    const page = await response.text();
    next = location === null ? filledForm(page, url, person) : { url: new URL(location, url).href };
  }
  assert.fail('the provider goes round and round');
}

function keepCookie(cookies: Map<string, string>, set: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(set) ?? [];
  cookies.set(name, value);
}

function filledForm(page: string, url: string, person: string): { url: string; form: URLSearchParams } {
  const action = /action="([^"]+)"/u.exec(page)?.[1] ?? assert.fail(`no form: ${page.slice(0, 500)}`);
  const prompt = /name="prompt" value="([^"]+)"/u.exec(page)?.[1] ?? assert.fail('a form without a prompt');
  const form = new URLSearchParams(prompt === 'login' ? { prompt, login: person, password: 'any' } : { prompt });
  return { url: new URL(action, url).href, form };
}
