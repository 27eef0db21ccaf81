import type { SourceFile } from '../../src/runtime/administration.ts';

const NAMESPACE = 'xmlns="urn:mapwright:1"';

/** Runs of another module, to another destination: what they take shows whether one destination harms another. */
export const OTHER_DOCUMENTS: readonly SourceFile[] = [
  {
    file: 'Parts.xml',
    text: `<module ${NAMESPACE} name="Parts" label="Parts" prefix="15" title="partname">
      <field name="partname" label="Part name" type="string" length="255" mandatory="true"/>
    </module>`,
  },
  {
    file: 'warehouse.xml',
    text: `<service ${NAMESPACE} name="warehouse" label="Warehouse" url="{setting.warehouse_url}"/>`,
  },
  {
    file: 'part-tell.xml',
    text: `<map ${NAMESPACE} name="part-tell" module="Parts" service="warehouse">
      <call method="PUT" path="/parts"/>
      <parameters><parameter name="name" field="partname"/></parameters>
    </map>`,
  },
  {
    file: 'part-created.xml',
    text: `<workflow ${NAMESPACE} name="part-created" label="Tell the warehouse" module="Parts">
      <trigger on="create"/>
      <tasks><webservice id="tell" map="part-tell"/></tasks>
    </workflow>`,
  },
];
