import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { text } from 'node:stream/consumers';
import { STOCK_SETS, stockMap } from './answer-documents.ts';
import { TestInstall } from './install-fixture.ts';

const RECORDS = `<records path="items" module="Stock" match="code" context="report">${STOCK_SETS}</records>`;
const TOTAL =
  '<output jsonata="$count(response.body.items)" field="total"/><output path="items.0.code" field="first"/>';

/** One page as the peer gives it: what the request said, and its address. */
type Page = (
  asked: URLSearchParams,
  request: IncomingMessage & { readonly sent: string },
  response: ServerResponse,
) => unknown;

/** A peer that gives pages; it tells what it was asked for. */
async function peerOf(t: TestContext, page: Page) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const sent = await text(request);
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    const { searchParams } = new URL(request.url ?? '', 'http://peer');
    const body = page(searchParams, Object.assign(request, { sent }), response);
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const items = (from: number, count: number) =>
  Array.from({ length: Math.max(0, count) }, (_, n) => ({
    code: `P${String(from + n).padStart(4, '0')}`,
    n: from + n,
  }));

async function run(
  t: TestContext,
  page: Page,
  documents: { readonly pages: string; readonly inside?: string; readonly call?: string; readonly plan?: string },
) {
  const peer = await peerOf(t, page);
  const { pages, inside = RECORDS + TOTAL, call = '<call method="GET" path="/list"/>', plan = '' } = documents;
  const response = `<response><pages items="items" ${pages}/>${inside}</response>`;
  const a = await TestInstall.open(t, { documents: stockMap(peer, { call, response, plan }) });
  const record = await a.create({ name: 'n' }, 'Imports');
  return { a, peer, record };
}

/** Ends, and gives how many records there are and what the outputs found. */
async function result({ a, record }: Awaited<ReturnType<typeof run>>) {
  assert.equal((await a.ended(1)).status, 'completed');
  const { records } = await a.install.crm.query('select * from Stock limit 0, 100;');
  const { total, first } = await a.values(record.id);
  return { records: records.length, total, first };
}

const ALL = { records: 25, total: 25, first: 'P0000' };

describe('lists that come page by page', () => {
  it('counts pages until one is not full', async (t) => {
    const one = await run(
      t,
      (asked) => ({
        items: items((Number(asked.get('p')) - 1) * 10, Math.min(10, 25 - (Number(asked.get('p')) - 1) * 10)),
      }),
      {
        pages: 'by="page" parameter="p" size="10"',
      },
    );
    assert.deepEqual(await result(one), ALL);
    assert.deepEqual(one.peer.asked, ['/list?p=1', '/list?p=2', '/list?p=3']);
    const steps = await one.a.steps(1);
    assert.deepEqual(
      steps.map(({ status }) => status),
      ['done', 'done', 'done', 'done'],
    );
    const kept = steps.map(({ attempts: [attempt] }) => [
      attempt?.answer?.body !== undefined,
      attempt?.request !== undefined,
    ]);
    assert.deepEqual(
      kept.slice(0, 3),
      [
        [true, true],
        [false, false],
        [true, true],
      ],
      'the first and the last are kept',
    );
    const report = (await one.a.ended(1)).context['report'] as { received: number; created: number };
    assert.deepEqual([report.received, report.created], [25, 25]);
  });

  it('counts items until a page is empty', async (t) => {
    const one = await run(
      t,
      (asked) => ({ items: items(Number(asked.get('offset')), Math.min(10, 25 - Number(asked.get('offset')))) }),
      {
        pages: 'by="offset" parameter="offset"',
        call: '<call method="GET" path="/list?sort=a%20b"/>',
      },
    );
    assert.deepEqual(await result(one), ALL);
    assert.deepEqual(one.peer.asked.at(-1), '/list?sort=a%20b&offset=25');
  });

  it('follows a cursor of the body into the query, and one of a header into the body of a POST that only asks', async (t) => {
    const body = await run(
      t,
      (asked) => {
        const at = Number(asked.get('after') ?? 0);
        return { items: items(at, Math.min(10, 25 - at)), paging: { next: at + 10 < 25 ? String(at + 10) : null } };
      },
      { pages: 'by="cursor" parameter="after" next="paging.next"' },
    );
    assert.deepEqual(await result(body), ALL);
    const header = await run(
      t,
      (_asked, { sent }, response) => {
        const at = Number((JSON.parse(sent) as { after?: string }).after ?? 0);
        if (at + 10 < 25) response.setHeader('X-Next', `${at + 10}`);
        return { items: items(at, Math.min(10, 25 - at)) };
      },
      {
        pages: 'by="cursor" parameter="after" in="body" next-header="X-Next"',
        call: '<call method="POST" path="/list" safe="true"/><parameters><parameter name="q" value="x"/></parameters>',
      },
    );
    assert.deepEqual(await result(header), ALL);
  });

  it('follows Link headers and addresses in the body', async (t) => {
    const link = await run(
      t,
      (asked, _request, response) => {
        const at = Number(asked.get('at') ?? 0);
        response.setHeader(
          'Link',
          `</list?at=0>; rel="first", <?at=${at + 10}>; title="a, b"; rel="prefetch ${at + 10 < 25 ? 'next' : 'last'}"`,
        );
        return { items: items(at, Math.min(10, 25 - at)) };
      },
      { pages: 'by="link"' },
    );
    assert.deepEqual(await result(link), ALL);
    const next = await run(
      t,
      (asked, { headers }) => {
        const at = Number(asked.get('at') ?? 0);
        return {
          items: items(at, Math.min(10, 25 - at)),
          links: at + 10 < 25 ? { next: `http://${headers.host}/list?at=${at + 10}` } : {},
        };
      },
      { pages: 'by="next" next="links.next"' },
    );
    assert.deepEqual(await result(next), ALL);
  });

  it('is tried again from the page that failed, and takes in the others once', async (t) => {
    let failures = 0;
    const one = await run(
      t,
      (asked, _request, response) => {
        const at = Number(asked.get('p')) * 10;
        if (at === 10 && failures++ < 2) response.statusCode = 503;
        return { items: items(at, Math.min(10, 25 - at)) };
      },
      {
        pages: 'by="page" parameter="p" from="0" size="10"',
        plan: '<on-error><retry times="5" every="50ms"/></on-error>',
      },
    );
    assert.deepEqual(await result(one), ALL);
    assert.deepEqual(
      one.peer.asked.map((path) => path.slice(-1)),
      ['0', '1', '1', '1', '2'],
    );
    assert.deepEqual(
      (await one.a.steps(1)).map(({ attempts }) => attempts.length),
      [1, 3, 1, 1],
    );
  });

  it('goes on at the page that was next when the process dies', async (t) => {
    let hold: ServerResponse | undefined;
    const one = await run(
      t,
      (asked, _request, response) => {
        const at = Number(asked.get('p')) * 10;
        if (at === 10 && hold === undefined) {
          hold = response;
          response.end = () => response;
        }
        return { items: items(at, Math.min(10, 25 - at)) };
      },
      { pages: 'by="page" parameter="p" from="0" size="10"' },
    );
    for (;;) {
      await new Promise((resolve) => void setImmediate(resolve));
      if (hold !== undefined) break;
    }
    await one.a.close();
    await one.a.reopen({ worker: true });
    assert.deepEqual(await result(one), ALL);
    assert.deepEqual(
      one.peer.asked.map((path) => path.slice(-1)),
      ['0', '1', '1', '2'],
    );
  });

  const refusals: readonly [title: string, code: string, pages: string, page: Page][] = [
    [
      'at another host',
      'PAGES_OTHER_HOST',
      'by="next" next="next"',
      () => ({ items: items(0, 1), next: 'http://127.0.0.1:1/list' }),
    ],
    [
      'at what is no address',
      'PAGES_ADDRESS',
      'by="next" next="next"',
      () => ({ items: items(0, 1), next: 'http://[' }),
    ],
    [
      'that is the same',
      'PAGES_REPEATED',
      'by="cursor" parameter="c" next="next"',
      () => ({ items: items(0, 1), next: 'x' }),
    ],
    [
      'beyond the most pages',
      'PAGES_TOO_MANY',
      'by="page" parameter="p" max-pages="2"',
      () => ({ items: items(0, 1) }),
    ],
    [
      'beyond the most items',
      'PAGES_TOO_MANY',
      'by="page" parameter="p" max-items="3"',
      () => ({ items: items(0, 2) }),
    ],
    [
      'beyond the most bytes',
      'PAGES_TOO_MANY',
      'by="page" parameter="p" max-bytes="1KiB"',
      () => ({ items: items(0, 30) }),
    ],
    ['of something that is no list', 'OUTPUT_TYPE', 'by="page" parameter="p"', () => ({ items: 7 })],
  ];
  for (const [title, code, pages, page] of refusals) {
    it(`refuses a page ${title}`, async (t) => {
      const { a } = await run(t, page, { pages });
      await a.waiting(1, 'person');
      assert.equal((await a.steps(1)).at(-1)?.failure?.code, code);
    });
  }

  it('stops at the most pages where that is wanted, and says so', async (t) => {
    const one = await run(t, (asked) => ({ items: items(Number(asked.get('p')) * 10, 10) }), {
      pages: 'by="page" parameter="p" max-pages="2" when-more="stop"',
    });
    assert.equal((await one.a.ended(1)).status, 'completed');
    assert.equal(one.peer.asked.length, 2);
    assert.equal((await one.a.steps(1))[1]?.warnings.length, 1);
  });
});
