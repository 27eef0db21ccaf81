// Tells a runtime of an order, and is killed between the application's commit and the journal's.
import { createRuntime } from '../../src/index.ts';
import { Application } from './application.ts';
import { ORDERS, PEER_KEY } from './runtime-fixture.ts';

const [folder = '', file = '', peerUrl = ''] = process.argv.slice(2);
const application = new Application(file);
application.afterApply = () => process.kill(process.pid, 'SIGKILL');
const runtime = await createRuntime({
  folder,
  documents: ORDERS,
  records: application.records,
  settings: { peer_url: peerUrl, 'egress.allow': '127.0.0.1:*' },
  secrets: { peer_key: PEER_KEY },
});
const after = application.find('order/1')?.values ?? {};
await runtime.changed({ kind: 'create', module: 'Orders', id: 'order/1', after, key: 'change-1' });
