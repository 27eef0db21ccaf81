import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import { productSync } from '../documents.ts';
import { openHostilePeer } from '../hostile-peer.ts';
import { callingPeer } from '../install-fixture.ts';
import { until } from '../poll.ts';
import { figures, openObserved, type ObservedInstall } from './observed-install.ts';

const DOCS = new URL('../../../docs/', import.meta.url);

/** What appears only when there is something to tell that this install does not do: each is declared all the same. */
const DECLARED_ONLY = [
  'mapwright_destination_state',
  'mapwright_schedule_lag_seconds',
  'mapwright_schedule_slots_total',
];

/** The blocks of a kind in a page. */
async function blocks(kind: string): Promise<string[]> {
  const page = await readFile(new URL('operations.md', DOCS), 'utf8');
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gmsu)].flatMap(([, of, text = '']) => (of === kind ? [text] : []));
}

/** An install on which one product went over, and one waits for a person. */
async function busy(t: TestContext): Promise<ObservedInstall> {
  const peer = await openHostilePeer(t);
  const open = {
    documents: await productSync(),
    ...callingPeer(peer),
    log: { logFormat: 'json', logLevel: 'debug' },
  } as const;
  const a = await openObserved(t, open);
  const element = JSON.stringify({ productname: 'Bolt' });
  const create = { operation: 'create', elementType: 'Products', element, sessionName: a.session };
  await a.call(create);
  await a.allEnded(1);
  peer.misbehave('create', (response) => void response.writeHead(400).end());
  await a.call(create);
  await until('a run waits for a person', () => a.lines.find((line) => line.includes('"for":"person"')));
  return a;
}

/** `name{label="..."}` without the values that differ from install to install. */
function shapeOf(series: string): string {
  return series.replaceAll(/(for|le|quantile)="[^"]*"/gu, '$1');
}

describe('what the documentation shows of a running install', () => {
  it('are figures that it gives, with these labels', async (t) => {
    const a = await busy(t);
    const real = new Set([...(await figures(a.served.url)).keys()].map(shapeOf));
    const shown = (await blocks(''))
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith('mapwright_'));
    assert.ok(shown.length > 15);
    for (const line of shown) assert.ok(real.has(shapeOf(line.slice(0, line.lastIndexOf(' ')))), line);
  });

  it('are alarms and a board on figures that there are, by labels that they have', async (t) => {
    const a = await busy(t);
    const text = await (await fetch(`${a.served.url}/metrics`)).text();
    const declared = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\w+)$/gmu)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
    const board = await readFile(new URL('grafana-dashboard.json', DOCS), 'utf8');
    JSON.parse(board);
    const [rules = ''] = await blocks('yaml');
    for (const source of [rules, board]) {
      const named = [...source.matchAll(/mapwright_\w+/gu)].map(([name]) => name);
      assert.ok(named.length > 5);
      for (const name of named) assert.ok(declared.has(name), name);
      for (const [, name = '', label = ''] of source.matchAll(/(mapwright_\w+)\{(\w+)/gu)) {
        if (!DECLARED_ONLY.includes(name)) assert.match(text, new RegExp(`^${name}\\{[^}]*${label}=`, 'mu'));
      }
    }
    const page = await readFile(new URL('operations.md', DOCS), 'utf8');
    for (const [name] of page.matchAll(/mapwright_\w+(?=`)/gu)) assert.ok(declared.has(name), name);
  });

  it('are log lines as it writes them', async (t) => {
    const { lines } = await busy(t);
    const shapes = new Set(lines.map((line) => shapeOfLine(line)));
    const shown = (await blocks('json'))
      .flatMap((text) => text.trim().split('\n'))
      .filter((line) => line.includes('"level"'));
    assert.ok(shown.length >= 4);
    for (const line of shown) assert.ok(shapes.has(shapeOfLine(line)), line);
  });

  it('is an answer of /ready with these checks', async (t) => {
    const a = await openObserved(t, { documents: [], settings: {}, secrets: {} });
    const [shown = ''] = (await blocks('json')).filter((text) => text.includes('"checks"'));
    const checksOf = (text: string): string[] => Object.keys((JSON.parse(text) as { checks: object }).checks);
    assert.deepEqual(checksOf(shown), checksOf(await (await fetch(`${a.served.url}/ready`)).text()));
  });
});

/** The names in a line, in their order, with its level and event. */
function shapeOfLine(line: string): string {
  const read = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return JSON.stringify([read['level'], read['event'], Object.keys(read)]);
}
