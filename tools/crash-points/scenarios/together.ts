import type { CrashScenario } from '../scenario.ts';
import { orderDocuments, sendingMap } from './order-documents.ts';

const ORDERS = 12;

/** Many saves and runs at once, so that their commits share transactions. */
export const TOGETHER: CrashScenario = {
  name: 'together',
  isAtOnce: true,
  acts: Array.from({ length: ORDERS }, (_, index) => ({
    name: `order ${index}`,
    carryOut: async ({ install }) => {
      const element = { no: `A${index}` };
      await install.crm.create({
        actor: { user: '19x1' },
        module: 'Orders',
        element,
        requestIdentifier: `order ${index}`,
      });
    },
  })),
  documents: [
    orderDocuments(
      'together',
      `${sendingMap('send', '/orders')}
<workflow name="order" module="Orders"><trigger on="create"/><tasks>
  <webservice id="send" map="send"/><set-fields id="mark"><set field="status" value="sent"/></set-fields>
</tasks></workflow>
<workflow name="note" module="Orders" stream="notes"><trigger on="create"/><tasks>
  <notify id="tell" to="user:admin" template="{record.no} came"/>
</tasks></workflow>`,
    ),
  ],
};
