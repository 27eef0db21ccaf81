import type { SourceFile } from '../../src/runtime/administration.ts';

const NAMESPACE = 'xmlns="urn:mapwright:1"';

/** A module, and workflows that every creation of its records starts. */
export function matchingDocuments(workflows: number): SourceFile[] {
  const trigger = '<trigger on="create"/>';
  return [module('Items', 100), ...Array.from({ length: workflows }, (_, n) => workflow('Items', n + 1, trigger))];
}

/** Modules with workflows that are all judged at the creation of a record of theirs, and which none starts. */
export function judgedDocuments({ modules, each }: { readonly modules: number; readonly each: number }): SourceFile[] {
  const trigger = '<trigger on="create"><condition field="note" is="equal" value="never"/></trigger>';
  const names = Array.from({ length: modules }, (_, n) => (n === 0 ? 'Items' : `Items${n + 1}`));
  return names.flatMap((name, index) => [
    module(name, 100 + index),
    ...Array.from({ length: each }, (_, n) => workflow(name, n + 1, trigger)),
  ]);
}

function module(name: string, prefix: number): SourceFile {
  return {
    file: `${name}.xml`,
    text: `<module ${NAMESPACE} name="${name}" label="${name}" prefix="${prefix}" title="itemname">
      <field name="itemname" label="Name" type="string" length="255" mandatory="true"/>
      <field name="note" label="Note" type="string" length="255"/>
    </module>`,
  };
}

/** It calls nobody: what its run would do is not what is measured. */
function workflow(module: string, number: number, trigger: string): SourceFile {
  const name = `${module}-${number}`;
  return {
    file: `${name}.xml`,
    text: `<workflow ${NAMESPACE} name="${name}" label="${name}" module="${module}">
      ${trigger}
      <tasks><set-fields id="mark"><set field="note" value="seen"/></set-fields></tasks>
    </workflow>`,
  };
}
