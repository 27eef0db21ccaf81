import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSensitiveName } from '../../src/connector/sensitive-name.ts';
import { convertDocuments } from '../../src/convert/convert-documents.ts';
import { askTried, convertTried } from './rule-estate.ts';

const ACCOUNT = { accountname: 'Chemex', note: 'n', employees: 500, parent: '11x3' };
const PRICES = [
  { category: 'A', country: 'ES', amount: 10, active: true, account: '11x74' },
  { category: 'A', country: '__IGNORE__', amount: 5, active: null, account: null },
  { category: 'B', country: 'FR', amount: 3, active: false, account: '11x3' },
];

const ask = (text: string, values = {}) => askTried(text, { account: ACCOUNT, prices: PRICES, values });

/** Kinds and places of what is told. */
const told = (text: string): string[] => convertTried(text).notes.map(({ kind, at }) => `${kind} ${at}`);

/** The elements of a converted document on one line. */
const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/gu, ' ').trim();

/** A table as a shop has it: a discount by size, for good customers by agreement, else by a table of prices. */
const DISCOUNT = `<decision><hitPolicy>F</hitPolicy><rules>
  <rule><sequence>1</sequence><expression>if employees > 1000 then '15' else '__DoesNotPass__' end</expression><output>ExpressionResult</output></rule>
  <rule><sequence>2</sequence><expression>if $[agreed] > 0 then $[agreed] else '__DoesNotPass__' end</expression><output>ExpressionResult</output></rule>
  <rule><sequence>3</sequence><decisionTable><module>Prices</module>
    <conditions><condition><input>category</input><operation>e</operation><field>category</field></condition></conditions>
    <searches><search><condition><input>country</input><operation>e</operation><field>country</field></condition></search></searches>
    <orderby>amount DESC</orderby><output>amount</output></decisionTable><output>FieldValue</output></rule>
  <rule><sequence>4</sequence><mapid>Size</mapid><output>ExpressionResult</output></rule>
</rules></decision>`;

describe('convert: decision tables', () => {
  it('become rows that read like what was meant', async () => {
    const { outcome, text, documents } = convertTried(DISCOUNT);
    assert.deepEqual([outcome, documents], ['converted', ['rule Tried']]);
    const line = oneLine(text);
    assert.match(line, /<rule xmlns="urn:mapwright:1" name="Tried" module="Accounts" hit="first">/u);
    assert.match(line, /<row when="\(record\.employees != null and record\.employees &gt; 1000\)" value="15"\/>/u);
    assert.match(line, /<search module="Prices" field="amount" order="-amount">/u);
    assert.match(line, /<condition field="category" is="equal" context="category" default="category"\/>/u);
    assert.match(line, /<row rule="Size"\/> <otherwise value="__DoesNotPass__"\/>/u);
    const values = [
      { agreed: '7' },
      { agreed: '0', category: 'A', country: 'FR' },
      { agreed: '0', category: 'A' },
      { agreed: '0', category: 'C' },
    ];
    const answers = [];
    for (const given of values) {
      const native = await ask(text, given);
      assert.equal(String(native), String(await ask(DISCOUNT, given)));
      answers.push(String(native));
    }
    assert.deepEqual(answers, ['7', '5', '10', 'big']);
  });

  it('tell each meaning that changes, and what stays', () => {
    const notes = told(DISCOUNT);
    assert.ok(notes.includes('kept row 2'), 'the placeholder');
    assert.ok(notes.includes('changed row 3'), 'what an empty input finds');
    assert.ok(notes.includes('type row 3'), 'a number');
    assert.ok(notes.includes('changed rule'), 'rows that are not computed');
    assert.ok(notes.includes('assumed rule'), 'the module');
  });

  it('tell where found records may come in another order', () => {
    const table = (orderBy: string): string =>
      `<decision><hitPolicy>F</hitPolicy><rules><rule><sequence>1</sequence><decisionTable><module>Prices</module>
      <conditions><condition><input>ES</input><operation>e</operation><field>country</field></condition></conditions>
      <orderby>${orderBy}</orderby><output>category</output></decisionTable><output>FieldValue</output></rule></rules></decision>`;
    const changed = (orderBy: string) =>
      convertTried(table(orderBy)).notes.filter(({ kind, message }) => kind === 'changed' && /order/u.test(message));
    assert.deepEqual([changed('category').length, changed('amount').length, changed('since DESC').length], [1, 0, 0]);
  });

  it('stay what they are, with the reason, where rows cannot say it', () => {
    const table = (...rules: string[]) =>
      `<decision><hitPolicy>C</hitPolicy><rules>${rules.join('')}</rules></decision>`;
    const rule = (sequence: number, test: string, output = 'ExpressionResult') =>
      `<rule><sequence>${sequence}</sequence>${test}<output>${output}</output></rule>`;
    const one = '<expression>1</expression>';
    const search = (inner: string) =>
      `<decisionTable><module>Prices</module>${inner}<output>amount</output></decisionTable>`;
    const may = (inner: string) =>
      `<searches><search><condition><input>country</input>${inner}<operation>e</operation><field>country</field></condition></search></searches>`;
    for (const text of [
      table(rule(1, one), rule(1, one)),
      table(rule(1, "<expression>'11x74'</expression>", 'crmObject')),
      table(rule(1, '<mapid>Nowhere</mapid>')),
      table(rule(1, one, 'Nothing')),
      table(rule(1, search(may("<preprocess>uppercase('$[country]')</preprocess>")))),
      table(rule(1, search('<orderby>account</orderby>'))),
      table(rule(1, search('').replace('Prices', 'Quotes'))),
    ]) {
      const { outcome, reason, text: kept } = convertTried(text);
      assert.equal(outcome, 'kept', text);
      assert.notEqual(reason ?? '', '', text);
      assert.equal(kept, text);
    }
  });
});

describe('convert: condition expressions', () => {
  const expression = (text: string) => `<map><expression>${text}</expression></map>`;

  it('become JSONata, fields, literals and templates where these mean the same', () => {
    const source = (text: string) => oneLine(convertTried(text).text);
    assert.match(source(expression('accountname')), /module="Accounts" field="accountname"\/>/u);
    assert.match(source(expression("concat(accountname, '!')")), /template="\{record\.accountname\}!"\/>/u);
    assert.match(source(expression("'x'")), /name="Tried" value="x"\/>/u);
    assert.match(source(expression('employees > 5')), /jsonata="\(record\.employees != null and/u);
    assert.match(source(expression('uppercase(accountname)')), /legacy="uppercase\(accountname\)"/u);
    assert.match(source('<map><template>Hi $accountname</template></map>'), /template="Hi \{record\.accountname\}"/u);
  });

  it('keep their expression where types are kept, and where the module is not known', () => {
    const text = expression('employees + 1');
    assert.match(convertTried(text, { keepTypes: true }).text, /legacy="employees \+ 1"/u);
    assert.deepEqual(told(expression('nowhere + 1')), ['kept rule']);
  });

  it('are known to be asked where their whole name stands, in whatever letter case', () => {
    const workflow = (module: string, rule: string) => ({
      file: `${module}.xml`,
      text: `<documents xmlns="urn:mapwright:1"><module name="${module}" prefix="${module.length}" title="accountname">
        <field name="accountname" type="string"/></module>
        <workflow name="w${module}" module="${module}"><trigger on="manual"/><tasks>
        <expression id="e"><set context="c" legacy="evaluateRule('${rule}')"/></expression></tasks></workflow></documents>`,
    });
    const asked = (...elsewhere: ReturnType<typeof workflow>[]) => {
      const sources = [{ file: 'Rate.xml', text: expression('accountname') }, ...elsewhere];
      const [converted] = convertDocuments(sources, { keepTypes: false, isSensitiveName });
      return /module="(?<module>\w+)"/u.exec(converted?.text ?? '')?.groups?.['module'];
    };
    assert.equal(asked(workflow('Orders', 'rate')), 'Orders');
    assert.equal(asked(workflow('Orders', 'Rate'), workflow('Contacts', 'CorporateRate')), 'Orders');
    assert.equal(asked(workflow('Contacts', 'CorporateRate')), undefined);
    assert.equal(asked(workflow('Orders', 'Rate'), workflow('Contacts', 'RATE')), undefined, 'of both');
  });

  it('stay what they are when they call a function on whatever there is', () => {
    const text =
      '<map><function><name>uppercase</name><parameters><parameter>accountname</parameter></parameters></function></map>';
    assert.equal(convertTried(text).outcome, 'kept');
  });

  it('keep their comments', () => {
    const { text } = convertTried(`<map><!-- asked by the shop --><expression>1</expression></map>`);
    assert.match(text, /<!-- asked by the shop -->/u);
  });
});

describe('convert: condition queries', () => {
  const condition = (fieldname: string, operation: string, value: string, joincondition = 'and', groupid = '0') =>
    JSON.stringify({ fieldname, operation, value, valuetype: 'rawtext', joincondition, groupid });
  const query = (conditions: string[], returns = 'recordset') =>
    `<map><module>Prices</module><fields>category,amount</fields><conditions><![CDATA[[${conditions.join(',')}]]]></conditions><return>${returns}</return></map>`;

  it('become searches, joined as they were', async () => {
    const text = query([
      condition('category', 'is', '$[wanted]', 'or'),
      condition('amount', 'less than', '5', 'and'),
      condition('active', 'is not', '1', ''),
    ]);
    const { text: native } = convertTried(text);
    assert.match(
      oneLine(native),
      /<any> <condition field="category" is="equal" context="wanted"\/> <condition field="amount" is="less" value="5"\/>/u,
    );
    assert.match(oneLine(native), /<\/any> <condition field="active" is="not-equal" value="true"\/> <\/search>/u);
    assert.deepEqual(await ask(text, { wanted: 'A' }), [
      { category: 'A', amount: '5' },
      { category: 'B', amount: '3' },
    ]);
    assert.deepEqual(await ask(native, { wanted: 'A' }), [
      { category: 'A', amount: 5 },
      { category: 'B', amount: 3 },
    ]);
  });

  it('keep their conditions where these compare in a way of their own', () => {
    const text = query([condition('account', 'is', '74')], 'amount');
    assert.match(convertTried(text).text, /<legacy-conditions>/u);
    assert.ok(told(text).includes('kept search'));
  });

  it('stay what they are without their module, or without their field', () => {
    assert.equal(convertTried(query([], 'amount').replace('Prices', 'Quotes')).outcome, 'kept');
    assert.equal(convertTried(query([], 'colour')).outcome, 'kept');
    assert.equal(
      convertTried('<map><sql>SELECT category FROM vtiger_prices WHERE amount LIKE 3</sql><return>count</return></map>')
        .outcome,
      'kept',
    );
  });
});
