const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

/** A text as HTML holds it, with the quotes as the given library writes them. */
function html(text: string, quote: string, apostrophe: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': quote,
    "'": apostrophe,
  };
  return text.replaceAll(/[&<>"']/gu, (sign) => entities[sign] ?? sign);
}

/** What of the base64 of a longer text the secret alone decides, when it stands `before` bytes into a group of three. */
function base64Within(text: string, before: number): string {
  const whole = Buffer.concat([Buffer.alloc(before, 'x'), utf8(text)]).toString('base64url');
  const bits = 8 * utf8(text).length;
  const first = Math.ceil((8 * before) / 6);
  return whole.slice(first, Math.floor((8 * before + bits) / 6));
}

/**
 * Every form in which a canary may come to light, the canary itself first. Worked out here once more, so that what hides
 * secrets is not asked what there is to hide.
 */
export function canaryForms(canary: string): readonly string[] {
  const url = encodeURIComponent(canary);
  const json = JSON.stringify(canary).slice(1, -1);
  const groups = [0, 1, 2].flatMap((before) => [base64Within(canary, before), base64Within(url, before)]);
  const hex = utf8(canary).toString('hex');
  return [
    ...new Set([
      canary,
      url,
      url.replaceAll(/%../gu, (escape) => escape.toLowerCase()),
      new URLSearchParams([['', canary]]).toString().slice(1),
      json,
      json.replaceAll('/', String.raw`\/`),
      JSON.stringify(json).slice(1, -1),
      html(canary, '&quot;', '&#39;'),
      html(canary, '&quot;', '&#x27;'),
      html(canary, '&#34;', '&#39;'),
      utf8(canary).toString('base64'),
      utf8(canary).toString('base64url'),
      ...groups,
      ...groups.map((group) => group.replaceAll('-', '+').replaceAll('_', '/')),
      hex,
      hex.toUpperCase(),
    ]),
  ];
}

/** All of them in one text, as a server says them that shows whatever it has. */
export function toldInEveryForm(canaries: readonly string[]): string {
  return canaries
    .flatMap((canary) => canaryForms(canary).filter((form) => form.length >= canary.length))
    .concat(canaries.flatMap((canary) => ['a', 'ab'].map((before) => utf8(`${before}${canary}cd`).toString('base64'))))
    .join('\n');
}
