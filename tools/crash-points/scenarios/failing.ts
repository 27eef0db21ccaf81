import type { CrashScenario } from '../scenario.ts';
import { orderDocuments, sendingMap } from './order-documents.ts';

/** Calls that fail: waits and tries again, sessions renewed and closed, looks at what a call did, notices, aborts. */
export const FAILING: CrashScenario = {
  name: 'failing',
  free: ['/session', '/close', '/find?no=A'],
  retried: ['/later', '/cut', '/never'],
  acts: [
    {
      name: 'an order',
      carryOut: ({ install }) =>
        install.administration.createRecord({ module: 'Orders', values: { no: 'A' }, by: 'admin', key: 'one' }),
    },
  ],
  documents: [
    orderDocuments(
      'failing',
      `<map name="open" service="shop"><call method="GET" path="/session"/>
  <response><output path="session" context="session" sensitive="true"/></response></map>
<map name="close" service="shop"><call method="POST" path="/close" in-doubt="resend"/>
  <parameters><parameter name="session" context="session"/></parameters></map>
<map name="find" module="Orders" service="shop"><call method="GET" path="/find"/>
  <parameters><parameter name="no" in="query" field="no"/></parameters>
  <response><output path="success" field="remote_id"/></response></map>
<map name="cut" module="Orders" service="shop"><call method="POST" path="/cut"><look map="find"/></call>
  <parameters><parameter name="no" field="no"/></parameters>
  <response><output path="success" field="remote_id"/></response></map>
${sendingMap('later', '/later')}${sendingMap('never', '/never')}
<workflow name="order" module="Orders"><trigger on="create"/><tasks>
  <webservice id="open" map="open" renew="true"/>
  <webservice id="later" map="later"><on-error><retry every="1200ms" times="5"/></on-error></webservice>
  <webservice id="cut" map="cut"/>
  <webservice id="never" map="never">
    <on-error><retry times="2" every="50ms"/><notify to="user:admin" template="order {record.no} is not taken"/><abort to="over"/></on-error>
  </webservice>
  <set-fields id="skipped"><set field="status" value="never"/></set-fields>
  <end id="over" as="failed" message="given up"/>
  <webservice id="close" map="close" always="true"/>
</tasks></workflow>`,
    ),
  ],
};
