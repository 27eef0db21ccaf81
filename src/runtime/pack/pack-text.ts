import type { PackDocument, PackSetting } from '../../document/pack.ts';
import { NATIVE_NAMESPACE } from '../../document/place.ts';
import { escapeAttribute, escapeText } from '../../xml/escape.ts';

/** The pack document as a text, without pictures: they are files of their own. */
export function packText(pack: PackDocument): string {
  const { name, label, version, author, licence, logo, description, tested } = pack;
  const head = attributes({ name, label, version, author, licence, logo });
  return [
    `<pack xmlns="${NATIVE_NAMESPACE}"${head}>`,
    ...(description === undefined || description === ''
      ? []
      : [`  <description>${escapeText(description)}</description>`]),
    ...pack.documents.map((one) => `  <document${attributes({ kind: one.kind, name: one.name })}/>`),
    ...pack.settings.map((one) => wish('setting', one)),
    ...pack.secrets.map((one) => wish('secret', { ...one, value: undefined, example: undefined })),
    ...(tested === undefined ? [] : [`  <tested>${escapeText(tested)}</tested>`]),
    '</pack>',
    '',
  ].join('\n');
}

function wish(kind: string, { name, required, value, example, description }: PackSetting): string {
  const told = attributes({ name, required: required ? undefined : 'false', value, example });
  return description === '' ? `  <${kind}${told}/>` : `  <${kind}${told}>${escapeText(description)}</${kind}>`;
}

function attributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`))
    .join('');
}
