import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { XML_NAME } from '../../catalog/check-body.ts';
import { escapeXmlText } from '../../expression/escape.ts';
import { toPlainText } from '../../expression/plain-text.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const XML_PREFIX = 'xml';

/**
 * An XML document of a value: members are elements in their order, lists repeat them, `@name` is an attribute and `#text` the
 * text beside others. Without `root` the value has one member, which is it. Throws XML_NAME_INVALID for what is no name or has
 * a prefix that stands for no namespace, MAP_XML_ROOT, and PARAMETER_INVALID for characters that XML cannot carry.
 */
export function xmlBody(value: JsonObject, root: string | undefined): string {
  if (root !== undefined) return DECLARATION + element(root, value, [XML_PREFIX]);
  const [only, ...others] = Object.entries(value);
  const inner = only?.[1];
  const single = Array.isArray(inner) && inner.length === 1 ? (inner[0] as Json) : inner;
  if (only === undefined || single === undefined || others.length > 0 || Array.isArray(single)) {
    throw new MapwrightError('MAP_XML_ROOT', 'an XML body has exactly one root element', {
      hint: 'name it: <call body="xml" root="Order">',
    });
  }
  return DECLARATION + element(only[0], single, [XML_PREFIX]);
}

function element(name: string, value: Json, prefixes: readonly string[]): string {
  if (Array.isArray(value)) return value.map((item: Json) => element(name, item, prefixes)).join('');
  const members = isJsonObject(value) ? Object.entries(value) : [];
  const attributes = members.flatMap(([key, member]) => (key.startsWith('@') ? [[key.slice(1), member] as const] : []));
  const known = [...prefixes, ...attributes.flatMap(([key]) => (key.startsWith('xmlns:') ? [key.slice(6)] : []))];
  const tag = requireName(name, known);
  const head = attributes
    .map(([key, member]) => ` ${requireName(key, known)}="${attributeText(key, member)}"`)
    .join('');
  const content = isJsonObject(value)
    ? members.map(([key, member]) => contentOf(key, member, known)).join('')
    : escapeXmlText(toPlainText(value));
  return content === '' ? `<${tag}${head}/>` : `<${tag}${head}>${content}</${tag}>`;
}

function contentOf(key: string, member: Json, prefixes: readonly string[]): string {
  if (key.startsWith('@')) return '';
  return key === '#text' ? escapeXmlText(toPlainText(member)) : element(key, member, prefixes);
}

function attributeText(name: string, value: Json): string {
  if (typeof value !== 'object' || value === null) return escapeXmlText(toPlainText(value));
  throw new MapwrightError(
    'PARAMETER_INVALID',
    `the attribute "${name}" is ${Array.isArray(value) ? 'a list' : 'an object'}`,
    {
      hint: 'an attribute has a single value: take an element, or join the values',
    },
  );
}

function requireName(name: string, prefixes: readonly string[]): string {
  const shown = name.slice(0, 60);
  if (!XML_NAME.test(name)) {
    throw new MapwrightError('XML_NAME_INVALID', `"${shown}" is no name of an element or attribute`, {
      hint: 'names begin with a letter or _ and hold letters, digits, . - _ and one : after a prefix',
    });
  }
  const [prefix, local] = name.split(':');
  if (local === undefined || prefix === undefined || prefix === 'xmlns' || prefixes.includes(prefix)) return name;
  throw new MapwrightError('XML_NAME_INVALID', `the prefix of "${shown}" stands for no namespace`, {
    hint: `say which: <parameter name="xmlns:${prefix.slice(0, 30)}" in="attribute" value="urn:..."/>`,
  });
}
