import type { CrashScenario } from '../scenario.ts';

const CLIENT = { user: '19x1' };

/** One workflow with a task of every kind that calls nobody by mail, and one that follows it in the lane of the record. */
export const TASKS: CrashScenario = {
  name: 'tasks',
  free: ['/session', '/close'],
  acts: [
    {
      name: 'an order',
      carryOut: ({ install }) =>
        install.crm.create({
          actor: CLIENT,
          module: 'Orders',
          element: { no: 'A', turn: '1' },
          requestIdentifier: 'one',
        }),
    },
    {
      name: 'its change, while its run is on the way',
      async carryOut({ install }) {
        const [order] = (await install.crm.query('select id from Orders limit 1;')).records;
        const element = { id: order?.id ?? '', turn: '2' };
        await install.crm.revise({ actor: CLIENT, element, requestIdentifier: 'two' });
      },
    },
  ],
  documents: [
    {
      file: 'tasks.xml',
      text: `<documents xmlns="urn:mapwright:1">
<module name="Orders" prefix="60" title="no">
  <field name="no" type="string" length="20"/><field name="turn" type="string" length="20"/>
  <field name="status" type="string" length="20"/><field name="remote_id" type="string" length="90"/>
</module>
<module name="Jobs" prefix="62" title="subject"><field name="subject" type="string" length="60"/></module>
<module name="Contacts" prefix="12" title="email">
  <field name="email" type="email"/><field name="note" type="string" length="60"/>
</module>
<service name="shop" url="{setting.shop}"><on-error><retry every="50ms" times="20"/></on-error></service>
<map name="open" service="shop"><call method="GET" path="/session"/>
  <response><output path="session" context="session" sensitive="true"/></response>
</map>
<map name="send" module="Orders" service="shop"><call method="POST" path="/orders" in-doubt="resend"/>
  <parameters><parameter name="no" field="no"/><parameter name="session" context="session"/></parameters>
  <response><output path="success" field="remote_id"/></response>
</map>
<map name="change" module="Orders" service="shop"><call method="POST" path="/changes" in-doubt="resend"/>
  <parameters><parameter name="no" field="no"/><parameter name="remote" field="remote_id"/></parameters>
</map>
<map name="close" service="shop"><call method="POST" path="/close" in-doubt="resend"/>
  <parameters><parameter name="session" context="session"/></parameters>
</map>
<rule name="job-name" module="Orders" template="Pack {record.no}"/>
<mapping name="order-to-job" from="Orders" to="Jobs"><set field="subject" template="Bill {record.no}"/></mapping>
<workflow name="order" module="Orders"><trigger on="create"/><track name="order" field="no"/><tasks>
  <webservice id="open" map="open" renew="true"/>
  <webservice id="send" map="send"/>
  <set-fields id="mark"><set field="status" value="sent"/></set-fields>
  <create-record id="job" module="Jobs" context="job"><set field="subject" rule="job-name"/></create-record>
  <create-record id="bill" module="Jobs" mapping="order-to-job"/>
  <upsert id="person" module="Contacts" match="email">
    <set field="email" template="{record.no}@x.example"/><set field="note" template="{record.no}"/>
  </upsert>
  <expression id="count"><set context="twice" jsonata="record.no &amp; record.no"/></expression>
  <launch id="next" workflow="pack" context="job"/>
  <notify id="tell" to="user:admin" template="{record.no} was sent"/>
  <choose id="way">
    <when field="status" is="equal" value="sent"><set-fields id="done"><set field="status" value="done"/></set-fields></when>
    <otherwise><end id="odd" as="failed"/></otherwise>
  </choose>
  <webservice id="close" map="close" always="true"/>
</tasks></workflow>
<workflow name="order-changed" module="Orders"><trigger on="update" fields="turn"/><tasks>
  <webservice id="change" map="change"/>
</tasks></workflow>
<workflow name="pack" module="Jobs"><trigger on="manual"/><tasks><end id="end"/></tasks></workflow>
</documents>`,
    },
  ],
};
