import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { renderDiagnostic } from '../../src/core/diagnostic.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { readFixtures } from './fixtures.ts';
import { mutated } from './mutation.ts';

/** Errors that XML Schema 1.0 has no means for, and why. */
const BEYOND_SCHEMA: Readonly<Record<string, string>> = {
  PARAMETER_SOURCE_COUNT: 'cannot demand exactly one of several attributes, children and text',
  PARAMETER_FILE_ATTRIBUTE: 'cannot make one attribute depend on another',
  PARAMETER_PLACE_NESTED: 'one type serves outer and nested parameters; it cannot look at the parent',
  OUTPUT_SOURCE_COUNT: 'cannot demand exactly one of several attributes and children',
  OUTPUT_DESTINATION_MISSING: 'cannot demand at least one of several attributes',
  VALUE_FORM_TYPE: 'cannot make one attribute depend on the value of another',
  VALUE_FORM_ZONE: 'a pattern does not know the names of time zones',
  RESPONSE_FORMAT_ATTRIBUTE: 'cannot make one attribute depend on the value of another',
  RESPONSE_ENCODING: 'a pattern does not know the names of character sets',
  PAGES_INCOMPLETE: 'cannot make one attribute depend on the value of another',
  JSONATA_EMPTY: 'a pattern over text of any length with line breaks is not worth its price in editors',
  EXPECT_EMPTY: 'cannot demand at least one of several attributes',
  RETRY_FORM_MIXED: 'cannot exclude attributes by one another',
  RETRY_FORM_INCOMPLETE: 'cannot make one attribute depend on another',
  RETRY_TOO_LONG: 'cannot compare durations',
  MAP_CALL_INCOMPLETE: 'cannot make one attribute depend on the value of another',
  MAP_CALL_MIXED: 'cannot exclude an attribute because of the value of another',
  MAP_LOOK_MIXED: 'cannot exclude an attribute because of a child',
  NOTIFY_TEMPLATE_TWICE: 'cannot exclude text because of an attribute',
  NOTIFY_TEXT_MISSING: 'cannot demand an attribute or else a text',
  LAUNCH_RECORD_TWICE: 'cannot exclude attributes by one another',
  MAP_TIMEOUT_TWICE: 'cannot look at two elements at once',
  NETWORK_AUTHORITY_TWICE: 'cannot exclude an attribute because of a child',
  NETWORK_PROXY_CREDENTIAL: 'cannot make one attribute depend on another',
  MAP_BODY_KIND: 'cannot exclude an element because of an attribute elsewhere',
  CREDENTIAL_PART_MISSING: 'cannot demand a child because of the value of an attribute',
  CREDENTIAL_PART_UNUSED: 'cannot exclude a child because of the value of an attribute',
  CREDENTIAL_MASTER: 'cannot make one attribute depend on the value of another',
  CREDENTIAL_SEND: 'cannot exclude attributes by one another',
  CONDITION_VALUE: 'cannot make one attribute depend on the value of another',
  CHOOSE_GUARD: 'cannot demand at least one of several attributes and children',
  WORKFLOW_MODULE_MISSING: 'cannot demand an attribute because of a child',
  WORKFLOW_TRIGGER_FIELDS: 'cannot exclude an attribute because of the value of another',
  WORKFLOW_TRIGGER_TO: 'cannot exclude an attribute because of the value of another',
  WORKFLOW_TRIGGER_WAIT: 'cannot exclude an attribute because of the value of another, nor compare durations',
  WORKFLOW_TRIGGER_CONDITION: 'cannot demand a child or an attribute because of the value of another',
  WORKFLOW_SCHEDULE_TIMING: 'cannot demand exactly one of several attributes, nor make one depend on another',
  WORKFLOW_SCHEDULE_CRON: 'a pattern that knows the ranges of all fields is not readable',
  WORKFLOW_SCHEDULE_NEVER: 'a pattern does not know the calendar',
  WORKFLOW_SCHEDULE_ZONE: 'a pattern does not know the names of time zones',
  WORKFLOW_SCHEDULE_TOO_OFTEN: 'cannot compare durations',
  WORKFLOW_SCHEDULE_CONDITION: 'one type serves the conditions of all triggers',
  WORKFLOW_SCHEDULE_NAME: 'cannot demand an attribute because of a second element',
  WORKFLOW_SCHEDULE_ONLY: 'cannot exclude an attribute because of the value of another',
  WORKFLOW_TRACK_SOURCE: 'one group of attributes serves all sources',
  WORKFLOW_TRACK_COUNT: 'cannot count elements that stand between others',
  TASK_ABORT_UNKNOWN: 'a keyref cannot except the word "inbox"',
  TASK_ID_RESERVED: 'a pattern cannot except one word from all names in a readable way',
  MODULE_FIELD_RESERVED: 'a pattern cannot except words in a readable way',
  MODULE_FIELD_LENGTH: 'cannot make one attribute depend on the value of another',
  MODULE_FIELD_DEFAULT: 'cannot make the form of one attribute depend on the value of another',
  MODULE_FIELD_OPTIONS: 'cannot demand children because of an attribute',
  MODULE_FIELD_REFERENCES: 'cannot make one attribute depend on the value of another',
  MODULE_OPTION_VALUE: 'cannot make the form of one attribute depend on the value of another',
  MODULE_OPTION_DUPLICATE: 'expressible, and left out: the error is of no consequence for an editor',
  MAP_TEST_ANSWER_MISSING: 'cannot demand one element because of another',
  MAP_TEST_ANSWER_MIXED: 'cannot exclude attributes, children and text by one another',
  MAP_TEST_VALUE_TWICE: 'cannot exclude attributes by one another, nor compare their names with values',
  MAP_TEST_TARGET: 'cannot demand exactly one of several attributes',
  MAP_TEST_TIME: 'a pattern knows neither the calendar nor the names of time zones',
  MAP_TEST_WARNING_EMPTY: 'a pattern over text of any length with line breaks is not worth its price in editors',
  COREBOS_SETTING_MISSING: 'an element beside any others cannot be demanded',
  RULE_CONTENT: 'cannot demand exactly one of several attributes, children and text',
  RULE_PART_UNUSED: 'cannot exclude an attribute or element because of others',
  TASK_SETS_NOTHING: 'cannot demand an attribute or else a child',
  PACK_PICTURE: 'a pattern does not look into a picture',
  COREBOS_RULE_EMPTY: 'cannot demand at least one of several children beside any others',
  COREBOS_TYPE_UNKNOWN: 'cannot look at processing instructions',
  COREBOS_RELFIELD_RESERVED: 'what counts is whether an Orgfield stands beside it',
};

/** Errors that the schema finds in some places only: free order, "at most once" and "any number" do not go together. */
const PARTLY_IN_SCHEMA: ReadonlySet<string> = new Set(['DOCUMENT_ELEMENT_REPEATED']);

const native = schema('mapwright-1.xsd');
const corebos = schema('corebos-map.xsd');
after(() => {
  native.dispose();
  corebos.dispose();
});

function schema(name: string): XsdValidator {
  const path = fileURLToPath(new URL(`../../schema/${name}`, import.meta.url));
  const document = XmlDocument.fromString(readFileSync(path, 'utf8'));
  try {
    return XsdValidator.fromDoc(document);
  } finally {
    document.dispose();
  }
}

function accepts(validator: XsdValidator, text: string): boolean {
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromString(text);
    validator.validate(document);
    return true;
  } catch {
    return false;
  } finally {
    document?.dispose();
  }
}

function assertAgreement(validator: XsdValidator, file: string, text: string): void {
  const errors = readDocuments({ file, text }).diagnostics.filter(({ severity }) => severity === 'error');
  const expressible = errors.filter(({ code }) => !Object.hasOwn(BEYOND_SCHEMA, code) && !PARTLY_IN_SCHEMA.has(code));
  if (expressible.length === 0 && errors.some(({ code }) => PARTLY_IN_SCHEMA.has(code))) return;
  const told = expressible.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n') || 'the reader finds no error';
  assert.equal(accepts(validator, text), expressible.length === 0, `${file}: ${told}\n${text}`);
}

const fixtures = readFixtures();
/** Kinds that only the coreBOS dialect has. */
const LEGACY_KINDS = ['rule', 'mapping', 'record-set', 'information-map'];
const ruleFixtures = fixtures.filter(({ kind }) => LEGACY_KINDS.includes(kind));
const nativeFixtures = fixtures.filter(
  ({ kind }) => kind !== 'corebos' && kind !== 'xml' && !LEGACY_KINDS.includes(kind),
);
const legacyFixtures = fixtures.filter(({ kind, name }) => kind === 'corebos' && !/nothing|encoded/u.test(name));

for (const { name, text } of nativeFixtures) {
  test(`mapwright-1.xsd agrees with the reader on ${name}`, () => assertAgreement(native, name, text));
}

for (const { name, text } of [...legacyFixtures, ...ruleFixtures]) {
  test(`corebos-map.xsd agrees with the reader on ${name}`, () => assertAgreement(corebos, name, text));
}

test('every element that holds nothing may hold blanks, as for the reader', () => {
  const holders = ['simpleContent', 'complexContent', 'sequence', 'choice', 'all', 'group'];
  const none = holders.map((name) => `not(*[local-name() = '${name}'])`).join(' and ');
  const document = XmlDocument.fromString(
    readFileSync(new URL('../../schema/mapwright-1.xsd', import.meta.url), 'utf8'),
  );
  try {
    const strict = document.find(`//*[local-name() = 'complexType' and ${none}]`);
    assert.deepEqual(
      strict.map((one) => one.line),
      [],
    );
  } finally {
    document.dispose();
  }
});

test('mapwright-1.xsd agrees with the reader on documents changed at random', () => {
  const originals = nativeFixtures.filter(({ group }) => group === 'valid').map(({ text }) => text);
  fc.assert(
    fc.property(mutated(originals), (text) => assertAgreement(native, 'changed.xml', text)),
    { numRuns: 1500 },
  );
});

test('corebos-map.xsd agrees with the reader on maps changed at random', () => {
  const originals = legacyFixtures.filter(({ group }) => group === 'valid').map(({ text }) => text);
  fc.assert(
    fc.property(mutated(originals).filter(isPlain), (text) => assertAgreement(corebos, 'changed.xml', text)),
    { numRuns: 500 },
  );
});

/**
 * True when the elements with typed content stand where and as often as they should and hold text only. Maps of SOAP are
 * left out: a schema cannot say that the input type and the method, whatever they are, have no meaning there.
 */
function isPlain(text: string): boolean {
  if (/<wstype>\s*SOAP/iu.test(text)) return false;
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return (
    count(/<wsconfig[ >]/gu) === 1 &&
    ['wstype', 'inputtype', 'wshttpmethod'].every((name) => {
      const starts = count(new RegExp(`<${name}[ >]`, 'gu'));
      return starts <= 1 && starts === count(new RegExp(`<${name}[^>]*>[^<]*</${name}>`, 'gu'));
    })
  );
}
