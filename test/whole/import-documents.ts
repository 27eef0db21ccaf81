import type { SourceFile } from '../../src/runtime/administration.ts';

/** Two modules that refer to each other and, through `parent`, to themselves; a workflow starts with every account. */
export const LINKED_MODULES: readonly SourceFile[] = [
  {
    file: 'Accounts.xml',
    text: `<module xmlns="urn:mapwright:1" name="Accounts" label="Accounts" prefix="11" title="accountname">
  <field name="accountname" type="string" length="40" mandatory="true"/>
  <field name="revenue" type="currency"/>
  <field name="since" type="date"/>
  <field name="rating" type="picklist" default="New"><option value="New"/><option value="Old"/></field>
  <field name="parent" type="reference" references="Accounts"/>
  <field name="contact" type="reference" references="Contacts"/>
  <field name="remote_id" type="string" length="40" read-only="true"/>
  <field name="assigned_user_id" type="owner"/>
</module>`,
  },
  {
    file: 'Contacts.xml',
    text: `<module xmlns="urn:mapwright:1" name="Contacts" label="Contacts" prefix="12" title="lastname">
  <field name="lastname" type="string" mandatory="true"/>
  <field name="account" type="reference" references="Accounts"/>
</module>`,
  },
  {
    file: 'account-made.xml',
    text: `<workflow xmlns="urn:mapwright:1" name="account-made" module="Accounts">
  <trigger on="create"/>
  <tasks><set-fields id="rate"><set field="rating" value="Old"/></set-fields></tasks>
</workflow>`,
  },
];
