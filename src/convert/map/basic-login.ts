import { CannotConvert } from '../conversion.ts';
import { quoteText } from '../expression/quote.ts';
import type { NativeElement } from '../native-element.ts';
import type { MapConversion } from './map-conversion.ts';
import { jsonataSource } from './native-source.ts';
import { cutReplaced, isPlainName } from './replaced-text.ts';

/** `wsuser` and `wspass` as a header. Throws CannotConvert where JSONata would encode them differently. */
export function basicHeader(conversion: MapConversion): NativeElement[] {
  const { call, parameters } = conversion.map;
  const { basic } = call.legacy ?? {};
  if (basic === undefined) return [];
  if (parameters.some(({ in: place, name }) => place === 'header' && name.toLowerCase() === 'authorization')) {
    throw new CannotConvert('it has wsuser and wspass and an Authorization header, of which one is sent');
  }
  const [user, password] = [codeOf(basic.user.value), codeOf(basic.password.value)];
  const { attributes, child } = jsonataSource(
    `${user} != '' and ${password} != '' ? 'Basic ' & $base64encode(${user} & ':' & ${password}) : ''`,
  );
  conversion.note(
    'changed',
    'header Authorization',
    'wsuser and wspass are this header; put the password into a secret',
    basic.password,
  );
  const header: NativeElement = {
    name: 'header',
    attributes: [['name', 'Authorization'], ...attributes, ['when-empty', 'omit'], ['sensitive', 'true']],
    ...(child === undefined ? {} : { children: [child] }),
  };
  return [header];
}

function codeOf(text: string): string {
  if (/[^\u0020-\u007e]/u.test(text)) throw new CannotConvert('wsuser or wspass holds letters outside of ASCII');
  const parts = cutReplaced(text).map((part) => {
    if (part.kind === 'literal') return quoteText(part.text);
    if (!isPlainName(part.name)) throw new CannotConvert('wsuser or wspass names what an expression cannot');
    return `${part.kind}.${part.name}`;
  });
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' & ')})`;
}
