import { compileLegacyTemplate } from '../../src/expression/legacy/template/template.ts';
import { memoryEnvironment, memoryServices } from '../../tools/conformance/memory-world.ts';
import { NOW, outcomeOf, type Promised, valuesIn } from './table-cells.ts';

const ROWLEY = { id: '11x746', module: 'Accounts', fields: { accountname: 'Rowley' } };

/** What a template of coreBOS comes to with the values of a cell. */
export async function renderLegacyTemplate(text: string, cell: string, at: string): Promise<Promised> {
  const compiled = compileLegacyTemplate(text);
  if (!compiled.ok) return { kind: 'does not compile', code: compiled.problem.code };
  const { record = {}, context = {} } = valuesIn(cell, at);
  const services = memoryServices({ now: NOW, rows: [ROWLEY] });
  const view = { recordId: '14x74', module: 'Products', record, context };
  return outcomeOf(() => compiled.value.render(memoryEnvironment(view, services)));
}
