import type { SourceFile } from '../../src/runtime/administration.ts';

const NAMESPACE = 'xmlns="urn:mapwright:1"';
const STEPS = [1, 2, 3, 4];

/** What the four steps of a run do: compute a value each and call nobody, or call a peer each. */
export type Work = 'no-op' | 'calls';

/** A module, and a workflow of four steps that each new record starts. */
export function documentsFor(work: Work, keepCalls: string): readonly SourceFile[] {
  return work === 'no-op'
    ? [ITEMS, workflowOf(COMPUTING, keepCalls)]
    : [ITEMS, ...PEER, workflowOf(CALLING, keepCalls)];
}

const COMPUTING = STEPS.map(
  (n) => `<expression id="step-${n}"><set context="value_${n}" template="{record.itemname} ${n}"/></expression>`,
);
const CALLING = STEPS.map((n) => `<webservice id="step-${n}" map="item-tell"/>`);

function workflowOf(tasks: readonly string[], keepCalls: string): SourceFile {
  return {
    file: 'item-created.xml',
    text: `<workflow ${NAMESPACE} name="item-created" label="Four steps" module="Items" keep-calls="${keepCalls}">
      <trigger on="create"/>
      <tasks>${tasks.join('')}</tasks>
    </workflow>`,
  };
}

const ITEMS: SourceFile = {
  file: 'Items.xml',
  text: `<module ${NAMESPACE} name="Items" label="Items" prefix="15" title="itemname">
    <field name="itemname" label="Name" type="string" length="255" mandatory="true"/>
  </module>`,
};

const PEER: readonly SourceFile[] = [
  {
    file: 'peer.xml',
    text: `<service ${NAMESPACE} name="peer" label="Peer" url="{setting.peer_url}"><limit concurrent="64"/></service>`,
  },
  {
    file: 'item-tell.xml',
    text: `<map ${NAMESPACE} name="item-tell" module="Items" service="peer">
      <call method="PUT" path="/items"/>
      <parameters><parameter name="name" field="itemname"/></parameters>
    </map>`,
  },
];
