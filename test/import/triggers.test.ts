import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeSchedule } from '../../src/import/workflow/schedule.ts';
import type { ExportedSchedule } from '../../src/import/export/exported-workflow.ts';
import { convert, linesOf } from './conversion.ts';
import { callTask, exportedTask, exportedWorkflow, fieldMapping } from './exported-task.ts';

const CONDITIONS =
  '[{"fieldname":"productname","operation":"is","value":"a ]]> b","valuetype":"rawtext","joincondition":"and","groupid":"0"}]';
const CALL = callTask('Create', 'ProductSyncCreate');

const converted = (execution: number, more: Parameters<typeof exportedWorkflow>[0] = {}) =>
  convert(exportedWorkflow({ execution, tasks: [CALL], ...more }));

const triggerOf = (text: string): string => linesOf(text).find((line) => line.startsWith('<trigger')) ?? '';

describe('the trigger of an imported workflow', () => {
  const events: readonly (readonly [execution: number, trigger: string])[] = [
    [1, '<trigger on="create"/>'],
    [2, '<trigger on="first-true" when="true"/>'],
    [3, '<trigger on="save"/>'],
    [4, '<trigger on="update"/>'],
    [5, '<trigger on="delete"/>'],
    [6, '<trigger on="manual"/>'],
    [7, '<trigger on="manual"/>'],
    [9, '<trigger on="relate"/>'],
    [10, '<trigger on="unrelate"/>'],
  ];
  for (const [execution, trigger] of events) {
    it(`is ${trigger} for ${execution}`, async () => {
      const { text, diagnostics, report } = await converted(execution);
      assert.equal(triggerOf(text), trigger);
      assert.deepEqual(diagnostics, []);
      // The export of the sixth does not tell when it ran.
      assert.equal(report.outcome, execution === 6 ? 'partly' : 'kept');
    });
  }

  it('is none for access control and for what coreBOS does not have', async () => {
    for (const execution of [8, 0, 11]) {
      const { report, imported } = await converted(execution);
      assert.equal(report.name, undefined);
      assert.equal(report.outcome, 'dropped');
      assert.deepEqual(imported.files, []);
    }
  });

  it('keeps the conditions word for word', async () => {
    const { text, diagnostics, report } = await converted(2, { conditions: CONDITIONS });
    assert.ok(text.includes(CONDITIONS.replace(']]>', ']]]]><![CDATA[>')));
    assert.equal(triggerOf(text), '<trigger on="first-true">');
    assert.deepEqual(diagnostics, []);
    assert.equal(report.trigger, 'first-true, on conditions');
  });

  it('takes an empty list for no conditions', async () => {
    for (const conditions of ['', '[]', 'null']) {
      assert.equal(triggerOf((await converted(3, { conditions })).text), '<trigger on="save"/>');
    }
  });

  it('with conditions that cannot be read switches the workflow off', async () => {
    const { text, report, diagnostics } = await converted(3, { conditions: '[{"fieldname":' });
    assert.match(text, /active="false"/u);
    assert.equal(report.outcome, 'partly');
    assert.deepEqual(diagnostics, []);
  });

  it('knows the other module of a link', async () => {
    const of = async (relatemodule: string): Promise<string> =>
      triggerOf((await converted(9, { more: { relatemodule } })).text);
    assert.equal(await of('Contacts'), '<trigger on="relate" to="Contacts"/>');
    assert.equal(await of('Any'), '<trigger on="relate"/>');
  });

  it('holds in its time only', async () => {
    const { text, diagnostics } = await converted(1, {
      more: { wfstarton: '2025-01-01 08:00:00', wfendon: '2025-12-31' },
    });
    assert.ok(text.includes("$at &gt;= '2025-01-01 08:00:00' and $at &lt;= '2025-12-31 23:59:59'"));
    assert.deepEqual(diagnostics, []);
  });

  it('stays switched off', async () => {
    const { text, report } = await converted(1, { more: { active: 'false' } });
    assert.match(text, /active="false"/u);
    assert.equal(report.outcome, 'kept');
  });
});

describe('a scheduled workflow', () => {
  it('is started by the clock, on the records that its conditions find', async () => {
    const conditions = JSON.stringify([
      {
        fieldname: 'productname',
        operation: 'has changed',
        value: '',
        valuetype: 'rawtext',
        joincondition: 'and',
        groupid: '0',
      },
      { fieldname: 'serial_no', operation: 'is', value: 'x', valuetype: 'rawtext', joincondition: '', groupid: '0' },
    ]);
    const { imported, report, diagnostics } = await converted(6, {
      title: 'Nightly',
      conditions,
      more: { schtypeid: 2, schtime: '08:30' },
    });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual([report.files, report.outcome], [['nightly.xml'], 'kept']);
    const text = imported.files[0]?.text ?? '';
    assert.match(text, /<trigger on="schedule" at="08:30">/u);
    assert.ok(text.includes('serial_no') && !text.includes('has changed'));
  });

  it('whose records were chosen by a question is told to be started by hand', async () => {
    const { imported, report } = await converted(6, { more: { options: 'cbquestion', cbquestion: '44x1' } });
    assert.equal(imported.files.length, 1);
    assert.equal(report.outcome, 'partly');
  });

  const schedule = (parts: Partial<ExportedSchedule>): ExportedSchedule => ({
    type: '',
    time: '',
    daysOfMonth: '',
    daysOfWeek: '',
    dates: '',
    minutes: '',
    records: '',
    source: '',
    ...parts,
  });
  const lines: readonly (readonly [Partial<ExportedSchedule>, readonly Readonly<Record<string, string>>[]])[] = [
    [{ type: '1' }, [{ every: '1h' }]],
    [{ type: '2', time: '8:05pm' }, [{ at: '20:05' }]],
    [{ type: '2', time: '08:00,20:00,08:00' }, [{ at: '08:00 20:00' }]],
    [{ type: '3', time: '06:00', daysOfWeek: '["1","2","7"]' }, [{ at: '06:00', days: 'sun mon sat' }]],
    [{ type: '3', time: '06:00', daysOfWeek: '' }, []],
    [{ type: '4', time: '06:00', dates: '["2027-03-04"]' }, [{ at: '06:00', dates: '2027-03-04' }]],
    [{ type: '5', time: '06:00', daysOfMonth: '["1","15"]' }, [{ cron: '0 6 1,15 * *' }]],
    [{ type: '5', time: '06:00,18:00,07:30', daysOfMonth: '31' }, [{ cron: '0 6,18 31 * *' }, { cron: '30 7 31 * *' }]],
    [{ type: '7', time: '12:00am', dates: '["2025-03-04"]' }, [{ cron: '0 0 4 3 *' }]],
    [{ type: '8', minutes: '20' }, [{ every: '20m' }]],
    [{ type: '6', time: '06:00', daysOfMonth: '["2"]', daysOfWeek: '["2"]' }, [{ cron: '0 6 * * mon#2' }]],
    [{ type: '6', time: '06:00' }, []],
    [{ type: '' }, []],
  ];
  for (const [parts, triggers] of lines) {
    it(`of ${JSON.stringify(parts)} becomes ${JSON.stringify(triggers)}, which the reader takes`, async () => {
      const told = schedule(parts);
      assert.deepEqual(describeSchedule(told).triggers, triggers);
      const { type, time, daysOfMonth, daysOfWeek, dates, minutes } = told;
      const more = {
        schtypeid: type,
        schtime: time,
        schdayofmonth: daysOfMonth,
        schdayofweek: daysOfWeek,
        schannualdates: dates,
        schminuteinterval: minutes,
      };
      const { text, diagnostics } = await converted(6, { more });
      assert.deepEqual(diagnostics, []);
      assert.equal(text.match(/on="schedule"/gu)?.length ?? 0, triggers.length);
    });
  }
});

describe('the context of an imported workflow', () => {
  it('has the values from before the change that somebody reads', async () => {
    const mapping = fieldMapping(['serial_no', 'expression', "getFromContext('previous_productname')"]);
    const task = exportedTask('VTUpdateFieldsTask', { summary: 'Set', field_value_mapping: mapping });
    const { text, diagnostics } = await converted(4, { tasks: [task] });
    assert.ok(linesOf(text).includes('<set context="previous_productname" jsonata="previous.productname"/>'));
    assert.deepEqual(diagnostics, []);
  });

  it('has the names that coreBOS gives the ends of a link', async () => {
    const wfexeexps = JSON.stringify([
      { exp: "getFromContext('destinationRecordId')", typ: 'expression', var: 'other' },
    ]);
    const { text } = await converted(9, { tasks: [exportedTask('wfExecExpression', { summary: 'Other', wfexeexps })] });
    const set = '<set context="destinationRecordId" jsonata="$substringAfter(context.destination_record, \'x\')"/>';
    assert.ok(linesOf(text).includes(set));
    assert.ok(!text.includes('sourceModule'));
  });
});

describe('names', () => {
  it('are made of titles, and differ', async () => {
    const titles = ['Ventas: año (új)', 'ventas ano uj', '2nd run', '***', 'ventas-ano-uj'];
    const { imported } = await convert(titles.map((title) => exportedWorkflow({ title, tasks: [CALL] })));
    assert.deepEqual(
      imported.workflows.map(({ name }) => name),
      ['ventas-ano-uj', 'ventas-ano-uj-2', 'workflow-2nd-run', 'workflow', 'ventas-ano-uj-3'],
    );
    assert.deepEqual(imported.diagnostics, []);
  });

  it('of tasks differ too', async () => {
    const { tasks, diagnostics } = await converted(1, { tasks: [CALL, CALL, callTask('', 'ProductSyncCreate')] });
    assert.deepEqual(
      tasks.flatMap(({ ids }) => ids),
      ['create', 'create-2', 'call'],
    );
    assert.deepEqual(diagnostics, []);
  });

  it('lead an export with the same numbers to the same documents', async () => {
    const rows = [7, 8].map((id) => ({ ...exportedWorkflow({ title: 'Same', tasks: [CALL] }), workflow_id: id }));
    const once = await convert(rows);
    assert.deepEqual(
      once.imported.files.map(({ path }) => path),
      ['same.xml', 'same-8.xml'],
    );
    assert.deepEqual((await convert(rows)).imported.files, once.imported.files);
  });
});
