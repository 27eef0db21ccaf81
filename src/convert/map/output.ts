import type { Output } from '../../document/map.ts';
import { memberCode } from '../expression/quote.ts';
import type { NativeElement } from '../native-element.ts';
import type { MapConversion } from './map-conversion.ts';
import { jsonataSource, type NativeSource } from './native-source.ts';

type Attributes = readonly (readonly [name: string, value: string])[];

/** Paths that speak of an error: coreBOS maps write them to fields after a failure, too. */
const ERROR_PATH = /^\.?(?:errors?|fault(?:code|string|subcode|actor)?|detail|message|exception|moreinfo)(?:\.|$)/iu;

/** The outputs of a coreBOS map, with the expectation that its envelope `{"success": false}` fails a step. */
export function convertResponse(conversion: MapConversion): NativeElement | undefined {
  const { response } = conversion.map;
  if (response.format === 'raw') return undefined;
  const outputs = response.outputs.flatMap((output) => convertOutput(conversion, output));
  const expectation = response.format === 'json' ? [envelopeExpectation(outputs.length > 0)] : [];
  noteReading(conversion);
  const format = response.format === 'json' ? [] : [['format', response.format] as const];
  return { name: 'response', attributes: format, children: [...expectation, ...outputs] };
}

/** Without outputs the text is looked at, so that an answer need not be JSON. */
function envelopeExpectation(readsBody: boolean): NativeElement {
  if (!readsBody) {
    const when = String.raw`$not($contains(response.text, /^\s*\{\s*"success"\s*:\s*false\b/))`;
    return { name: 'expect', attributes: [['when', when]] };
  }
  return {
    name: 'expect',
    attributes: [
      ['when', '$not(response.body.success = false)'],
      ['code', '{response.body.error.code}'],
      ['message', '{response.body.error.message}'],
    ],
  };
}

function convertOutput(conversion: MapConversion, output: Output): NativeElement[] {
  const path = output.from?.value ?? '';
  const source = outputSource(conversion, output, path);
  const context = contextOf(conversion, output, path);
  const field = output.field?.value;
  const isHidden = [path.split('.').at(-1) ?? '', context ?? ''].some((name) =>
    conversion.options.isSensitiveName(name),
  );
  const sensitive: Attributes = isHidden ? [['sensitive', 'true']] : [];
  const destination: Attributes = [
    ...(field === undefined ? [] : [['field', field] as const]),
    ...(context === undefined ? [] : [['context', context] as const]),
  ];
  if (destination.length === 0) return [];
  // What is missing clears, as it does there.
  const missing: Attributes = source.attributes.some(([name]) => name === 'path') ? [['default', '']] : [];
  const done = element(source, [...destination, ...missing, ...sensitive]);
  const failed = element(source, [...destination, ['on', 'failure'], ['optional', 'true'], ...sensitive]);
  return ERROR_PATH.test(path) ? [done, failed] : [done];
}

function element({ attributes, child }: NativeSource, more: Attributes): NativeElement {
  const children = child === undefined ? {} : { children: [child] };
  return { name: 'output', attributes: [...attributes, ...more], ...children };
}

function outputSource(conversion: MapConversion, output: Output, path: string): NativeSource {
  if (path === '.') return jsonataSource('response.text');
  const names = path.replace(/^\./u, '').split('.');
  const isText =
    conversion.map.response.format === 'json' && names.length === 1 && conversion.map.switches?.rawValues !== true;
  const at = `output ${path}`;
  if (isText && conversion.options.keepTypes) {
    conversion.note(
      'changed',
      at,
      'letters outside of ASCII are not escaped in its JSON text; what it means is the same',
      output,
    );
    return jsonataSource(jsonTextCode(names[0] ?? ''));
  }
  if (isText)
    conversion.note(
      'changed',
      at,
      'it gives the value itself; coreBOS gives its JSON text, a text in quotation marks',
      output,
    );
  if (names.length > 1 && conversion.map.switches?.strictPaths !== true) {
    conversion.note('changed', at, 'a level that is missing ends the path; coreBOS steps over it', output);
  }
  return { attributes: [['path', pathText(names)]] };
}

/** JSON text as coreBOS has it: a text in quotation marks, `/` escaped. */
function jsonTextCode(name: string): string {
  const member = memberCode('response.body', name) ?? 'response.body';
  return [
    `($value := ${member}; $quoted := $string([$value]);`,
    `$not($exists($value)) or $value = null ? '' : $replace($type($value) = 'string'`,
    String.raw`? $substring($quoted, 1, $length($quoted) - 2) : $string($value), '/', '\\/'))`,
  ].join(' ');
}

function pathText(names: readonly string[]): string {
  return names
    .map((name, index) => {
      const isPlain = /^[^.[\]'"\s](?:[^.[\]'"]*[^.[\]'"\s])?$/u.test(name);
      return isPlain ? `${index === 0 ? '' : '.'}${name}` : `['${name.replaceAll(/['\\]/gu, String.raw`\$&`)}']`;
    })
    .join('');
}

/** The context key; undefined where coreBOS makes one of its own beside a field, and nobody reads it. */
function contextOf(conversion: MapConversion, output: Output, path: string): string | undefined {
  const key = output.context?.value;
  if (key === undefined) return undefined;
  const note = (message: string): void => conversion.note('changed', `output ${path}`, message, output);
  const isOwn = key === `wsctx_${path}`;
  if (isOwn && output.field !== undefined && !conversion.known.isNamedElsewhere(key, conversion.map.file)) {
    note(`it is no longer put into the context as ${key}, too: no other document names that`);
    return undefined;
  }
  if (/^[A-Za-z_]\w*$/u.test(key)) return key;
  const renamed = key.replaceAll(/\W/gu, '_').replace(/^(?=\d)/u, '_');
  note(`its context value is called ${renamed}: native documents have no key ${key}`);
  return renamed;
}

function noteReading(conversion: MapConversion): void {
  const { outputs, format } = conversion.map.response;
  if (outputs.some(({ context }) => context !== undefined)) {
    conversion.note(
      'changed',
      'response',
      'after a failed answer nothing is put into the context; coreBOS puts there what it finds',
    );
  }
  if (format === 'json' && outputs.length > 0) {
    conversion.note(
      'changed',
      'response',
      'an answer that is a JSON text holding JSON is read once; coreBOS reads it twice',
    );
  }
}
