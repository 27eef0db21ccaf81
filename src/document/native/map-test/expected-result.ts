import type { Located } from '../../../core/diagnostic.ts';
import { trimSource } from '../../../xml/source-text.ts';
import { BOOLEAN, FILLED, matching, TEXT } from '../../attribute-kind.ts';
import type {
  ExpectedAbsence,
  ExpectedFailure,
  ExpectedRequest,
  ExpectedResult,
  ExpectedValue,
  ExpectedWrite,
  WriteTarget,
} from '../../map-test.ts';
import { shape, type AttributeValues, type Place } from '../../place.ts';
import { withoutMarkupBlanks } from '../markup-blanks.ts';

const SENT = shape({
  attributes: {
    method: matching(/^[A-Z]{1,20}$/u, 'a method in upper case, such as GET or POST'),
    path: FILLED,
    url: FILLED,
  },
  children: { parameter: 'many', header: 'many', body: 'optional' },
});

const VALUE_ATTRIBUTES = { value: TEXT, null: BOOLEAN, absent: BOOLEAN } as const;
const PARAMETER = shape({ attributes: { name: FILLED, path: FILLED, ...VALUE_ATTRIBUTES }, required: ['name'] });
const HEADER = shape({ attributes: { name: FILLED, value: TEXT, absent: BOOLEAN }, required: ['name'] });
const BODY = shape({ attributes: {}, text: true });

const TARGET_ATTRIBUTES = { field: FILLED, context: FILLED } as const;
const WRITTEN = shape({ attributes: { ...TARGET_ATTRIBUTES, value: TEXT, null: BOOLEAN } });
const NOT_WRITTEN = shape({ attributes: TARGET_ATTRIBUTES });

const FAILED = shape({
  attributes: { code: matching(/^[A-Z][A-Z0-9_]*$/u, 'a code such as CALL_STATUS'), message: FILLED },
  required: ['code'],
});
const WARNING = shape({ attributes: {}, text: true });

/** What a `<case>` demands. */
export function readExpectations(open: {
  child(name: string): Place | undefined;
  all(name: string): readonly Place[];
}): ExpectedResult {
  return {
    sent: readSent(open.child('sent')),
    written: open.all('written').flatMap((place) => readWritten(place) ?? []),
    notWritten: open.all('not-written').map(readNotWritten),
    failed: readFailed(open.child('failed')),
    warnings: open.all('warning').map(readWarning),
  };
}

function readSent(place: Place | undefined): ExpectedRequest | undefined {
  if (place === undefined) return undefined;
  const open = place.open(SENT);
  const body = open.child('body');
  body?.open(BODY);
  return {
    ...open.attributes,
    parameters: open.all('parameter').flatMap((child) => {
      const { name, path, ...value } = child.open(PARAMETER).attributes;
      return name === undefined ? [] : [{ name, path, value: readValue(child, value), range: child.element.range }];
    }),
    headers: open.all('header').flatMap((child) => {
      const { name, ...value } = child.open(HEADER).attributes;
      const expected = readValue(child, { ...value, null: undefined });
      return name === undefined ? [] : [{ name, value: expected, range: child.element.range }];
    }),
    body: body && { value: withoutMarkupBlanks(body.element.text()).value, range: body.element.range },
    range: place.element.range,
  };
}

/** Tells MAP_TEST_VALUE_TWICE when more than one of value, null and absent is said. */
function readValue(place: Place, said: AttributeValues<typeof VALUE_ATTRIBUTES>): ExpectedValue {
  const { value, null: isNull = false, absent = false } = said;
  if (Number(value !== undefined) + Number(isNull) + Number(absent) > 1) {
    place.error('MAP_TEST_VALUE_TWICE', `<${place.name}> says more than one of value, null and absent`, 'keep one');
  }
  if (value !== undefined) return { kind: 'text', text: value };
  if (isNull) return { kind: 'null' };
  return absent ? { kind: 'absent' } : { kind: 'something' };
}

function readWritten(place: Place): ExpectedWrite | undefined {
  const { field, context, value, null: isNull } = place.open(WRITTEN).attributes;
  const target = readTarget(place, { field, context });
  if (target === undefined) {
    if (field === undefined && context === undefined && !hasTarget(place)) {
      place.error('MAP_TEST_TARGET', '<written> names nothing', 'add field="..." or context="..."');
    }
    return undefined;
  }
  return { target, value: readValue(place, { value, null: isNull, absent: undefined }), range: place.element.range };
}

function readNotWritten(place: Place): ExpectedAbsence {
  return { target: readTarget(place, place.open(NOT_WRITTEN).attributes), range: place.element.range };
}

function hasTarget({ element }: Place): boolean {
  return element.attributes.has('field') || element.attributes.has('context');
}

function readTarget(
  place: Place,
  { field, context }: AttributeValues<typeof TARGET_ATTRIBUTES>,
): WriteTarget | undefined {
  if (field !== undefined && context !== undefined) {
    const hint = 'write one element for the field and one for the context value';
    place.error('MAP_TEST_TARGET', `<${place.name}> names a field and a context value`, hint);
  }
  if (field !== undefined) return { kind: 'field', name: field };
  return context === undefined ? undefined : { kind: 'context', name: context };
}

function readFailed(place: Place | undefined): ExpectedFailure | undefined {
  if (place === undefined) return undefined;
  const { code, message } = place.open(FAILED).attributes;
  return code === undefined ? undefined : { code, message, range: place.element.range };
}

function readWarning(place: Place): Located<string> {
  place.open(WARNING);
  const text = trimSource(place.element.text());
  if (text.value === '') {
    place.error('MAP_TEST_WARNING_EMPTY', '<warning> holds no text', 'write a part of the warning that must be given');
  }
  return { value: text.value, range: place.element.range };
}
