import type { CrashScenario } from '../scenario.ts';
import { orderDocuments } from './order-documents.ts';

/** Messages to the outside: an e-mail task, and notices by mail and through a map. */
export const MAIL: CrashScenario = {
  name: 'mail',
  prepare: async ({ administration }) => {
    await administration.addUser({ name: 'anna', admin: false, email: 'anna@x.example' });
  },
  acts: [
    {
      name: 'an order',
      carryOut: ({ install }) =>
        install.administration.createRecord({ module: 'Orders', values: { no: 'A' }, by: 'admin', key: 'one' }),
    },
    {
      name: 'what it told is read',
      async carryOut({ install, until }) {
        const { administration } = install;
        const told = await until('somebody is told', async () => {
          const all = await administration.notifications({ all: true, limit: 10 });
          return all.length === 0 ? undefined : all;
        });
        await administration.readNotifications({ ids: told.map(({ id }) => id) });
      },
    },
  ],
  judge: ({ atEnd }) =>
    (atEnd['notifications'] ?? []).flatMap(({ id, read_at: at }) =>
      at === null ? [`notification ${String(id)} is unread`] : [],
    ),
  documents: [
    orderDocuments(
      'mail',
      `<map name="pager" module="Orders" service="shop"><call method="POST" path="/pager" in-doubt="resend"/>
  <parameters><parameter name="said" template="{input.text}"/></parameters></map>
<workflow name="order" module="Orders"><trigger on="save"/><tasks>
  <email id="mail" in-doubt="resend"><to value="client@x.example"/><subject template="Order {record.no}"/><body value="Thank you"/></email>
  <notify id="app" to="user:anna" by="app" template="{record.no} came"/>
  <notify id="post" to="user:anna" by="mail" template="{record.no} came by mail"/>
  <notify id="page" to="user:anna" map="pager" template="{record.no} was paged"/>
</tasks></workflow>`,
    ),
  ],
};
