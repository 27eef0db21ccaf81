import type { SourceFile } from '../../../src/runtime/administration.ts';

/** The tasks of the one workflow, in order: each makes one call. */
export const TASKS = ['reserve', 'pack', 'ship'] as const;

const native = (kind: string, attributes: string, content: string): string =>
  `<${kind} xmlns="urn:mapwright:1" ${attributes}>${content}</${kind}>`;

/** A module whose every change starts a workflow of three calls; the last answer is written to the record. */
export const DOCUMENTS: readonly SourceFile[] = [
  {
    file: 'Parcels.xml',
    text: native(
      'module',
      'name="Parcels" label="Parcels" prefix="44" title="label"',
      `<field name="label" label="Label" type="string" length="100" mandatory="true"/>
       <field name="turn" label="Turn" type="integer"/>
       <field name="shipped" label="Shipped" type="string" length="200"/>
       <field name="assigned_user_id" label="Assigned to" type="owner"/>`,
    ),
  },
  {
    file: 'carrier.xml',
    text: native(
      'service',
      'name="carrier" url="{setting.carrier_url}"',
      `<timeout connect="2s" total="5s"/><limit concurrent="64"/>
       <on-error><retry from="200ms" growth="1.5" to="2s" within="1h"/></on-error>`,
    ),
  },
  ...TASKS.map((task) => ({
    file: `${task}.xml`,
    text: native(
      'map',
      `name="${task}" module="Parcels" service="carrier"`,
      `<call method="POST" path="/${task}" body="json" in-doubt="resend"/>
       <parameters><parameter name="label" field="label"/></parameters>
       ${task === 'ship' ? '<response><output path="done" field="shipped"/></response>' : ''}`,
    ),
  })),
  {
    file: 'parcel-changed.xml',
    text: native(
      'workflow',
      'name="parcel-changed" module="Parcels"',
      `<trigger on="save" fields="turn"/>
       <tasks>${TASKS.map((task) => `<webservice id="${task}" map="${task}"/>`).join('')}</tasks>`,
    ),
  },
];
