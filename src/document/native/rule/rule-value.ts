import { choice, FILLED, TEXT } from '../../attribute-kind.ts';
import type { Parameter } from '../../map.ts';
import { shape, type OpenElement, type Place } from '../../place.ts';
import { PARAMETER_TYPE } from '../parameter.ts';
import { hasSource, readJsonata, readSource, SOURCE_ATTRIBUTES } from '../source.ts';

/** The attributes of what is given: one source, and what becomes of its value. */
export const VALUE_ATTRIBUTES = {
  ...SOURCE_ATTRIBUTES,
  type: PARAMETER_TYPE,
  encode: choice('json', 'base64', 'hex', 'md5', 'sha1', 'sha256', 'form'),
  default: TEXT,
} as const;

/** The children by which a value is said. */
export const VALUE_CHILDREN = { jsonata: 'optional', give: 'many' } as const;

const GIVE = shape({
  attributes: { ...VALUE_ATTRIBUTES, name: FILLED },
  required: ['name'],
  children: { jsonata: 'optional' },
  text: true,
});

const OTHERWISE = shape({ attributes: VALUE_ATTRIBUTES, children: VALUE_CHILDREN, text: true });

type ValueElement = OpenElement<typeof VALUE_ATTRIBUTES>;

/** Everything that an element may say what it gives by. */
const ONE_OF = 'one source (value="...", field="...", jsonata="..." and so on)';

/**
 * The one thing that an element gives by: `source`, or the name of its children. Undefined when it has none or several
 * (RULE_CONTENT), and after a source was misspelt, which has been told.
 */
export function contentOf<const N extends string>(open: ValueElement, names: readonly N[]): N | 'source' | undefined {
  const written: (N | 'source')[] = names.filter((name) => open.all(name).length > 0);
  if (hasSource(open)) written.unshift('source');
  const [only, ...more] = written;
  const isMisspelt = only === undefined && Object.keys(SOURCE_ATTRIBUTES).some((name) => isMisspeltIn(open, name));
  if (more.length === 0 && (only !== undefined || isMisspelt)) return only;
  const choices = [ONE_OF, ...names.map((name) => `<${name}>`)].join(', ');
  const found =
    only === undefined ? 'does not say what it gives' : `gives by several: ${written.map(shown).join(', ')}`;
  open.at.error('RULE_CONTENT', `<${open.at.name}> ${found}`, `say it in one way: ${choices}`);
  return undefined;
}

function isMisspeltIn(open: ValueElement, name: string): boolean {
  return open.isMisspelt(name as keyof typeof SOURCE_ATTRIBUTES);
}

function shown(name: string): string {
  return name === 'source' ? 'a source' : `<${name}>`;
}

/**
 * The value that an element's one source gives, or its `<give>` children as an object. Undefined when its content is another,
 * and when told that it cannot be read; what is wrong inside is told all the same. Tells RULE_PART_UNUSED.
 */
export function readValue(open: ValueElement, content: string | undefined): Parameter | undefined {
  const parameters = open.all('give').flatMap(readGive);
  if (content === 'source') {
    const source = readSource(open, {});
    return source && { ...partsOf(open), name: open.at.name, source };
  }
  for (const child of open.all('jsonata')) readJsonata(child);
  if (content !== undefined) refuseConversion(open, `<${content}>`);
  return content === 'give'
    ? { ...partsOf(open), name: open.at.name, source: { kind: 'nested', parameters } }
    : undefined;
}

function refuseConversion(open: ValueElement, content: string): void {
  for (const name of ['type', 'encode', 'default'] as const) {
    if (!open.has(name)) continue;
    open.at.error('RULE_PART_UNUSED', `${name} goes with a source, and not with ${content}`, `remove ${name}`);
  }
}

/** What an `<otherwise>` gives; undefined when there is none, or told that it cannot be read. */
export function readOtherwise(place: Place | undefined): Parameter | undefined {
  const open = place?.open(OTHERWISE);
  return open && readValue(open, contentOf(open, ['give']));
}

function readGive(place: Place): Parameter[] {
  const open = place.open(GIVE);
  const source = readSource(open, {});
  const { name } = open.attributes;
  return source === undefined || name === undefined ? [] : [{ ...partsOf(open), name: name.value, source }];
}

function partsOf({ at, attributes }: ValueElement): Omit<Parameter, 'name' | 'source'> {
  return {
    in: undefined,
    each: undefined,
    type: attributes.type,
    encode: attributes.encode,
    whenEmpty: undefined,
    required: false,
    defaultValue: attributes.default?.value,
    description: undefined,
    sensitive: false,
    range: at.element.range,
    path: at.path,
  };
}
