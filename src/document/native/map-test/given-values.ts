import type { Located } from '../../../core/diagnostic.ts';
import { BOOLEAN, CONTEXT_KEY, FILLED } from '../../attribute-kind.ts';
import type { GivenContext, GivenField } from '../../map-test.ts';
import { shape, type Place } from '../../place.ts';
import { withoutMarkupBlanks } from '../markup-blanks.ts';
import { PARAMETER_TYPE } from '../parameter.ts';

const RECORD = shape({ attributes: {}, anyAttributes: true, children: { field: 'many' } });
const FIELD = shape({ attributes: { name: FILLED, null: BOOLEAN }, required: ['name'], text: true });
const CONTEXT = shape({ attributes: {}, anyAttributes: true, children: { value: 'many' } });
const VALUE = shape({ attributes: { name: CONTEXT_KEY, type: PARAMETER_TYPE }, required: ['name'], text: true });

/** The fields of `<record>` or `<previous>`: attributes, and `<field>` children for long texts and null. */
export function readFields(place: Place): GivenField[] {
  const fields = [
    ...attributesOf(place),
    ...place
      .open(RECORD)
      .all('field')
      .flatMap((child) => readField(child) ?? []),
  ];
  tellRepeated(
    place,
    fields.map(({ name }) => name),
  );
  return fields;
}

function readField(place: Place): GivenField | undefined {
  const { name, null: isNull } = place.open(FIELD).attributes;
  const text = withoutMarkupBlanks(place.element.text());
  if (isNull === true && text.value.trim() !== '') {
    const hint = 'remove the text, or null="true"';
    place.errorAt(text, 'MAP_TEST_VALUE_TWICE', 'the field is null and has a text', hint);
  }
  return name === undefined ? undefined : { name, value: isNull === true ? undefined : text };
}

/** The values of `<context>`: attributes, and `<value>` children for long texts and other types. */
export function readGivenContext(place: Place | undefined): GivenContext[] {
  if (place === undefined) return [];
  const children = place.open(CONTEXT).all('value');
  const values = [
    ...attributesOf(place).map((given) => ({ ...given, type: undefined })),
    ...children.flatMap((child) => {
      const { name, type } = child.open(VALUE).attributes;
      return name === undefined ? [] : [{ name, value: withoutMarkupBlanks(child.element.text()), type }];
    }),
  ];
  tellRepeated(
    place,
    values.map(({ name }) => name),
  );
  return values;
}

function attributesOf({ element }: Place): { name: Located<string>; value: GivenContext['value'] }[] {
  return [...element.attributes.values()]
    .filter(({ namespace }) => namespace === '')
    .map(({ name, nameRange, source }) => ({ name: { value: name, range: nameRange }, value: source }));
}

function tellRepeated(place: Place, names: readonly Located<string>[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.value)) {
      const hint = 'remove one';
      place.errorAt(name, 'MAP_TEST_VALUE_TWICE', `"${name.value.slice(0, 60)}" is given twice`, hint);
    }
    seen.add(name.value);
  }
}
