import { compileConditionText } from '../../expression/legacy/condition/compile-conditions.ts';
import { element, type WrittenNode } from '../../xml/write.ts';

/** Conditions as elements, word for word; or why they cannot be kept. */
export type ConvertedConditions =
  | { readonly ok: true; readonly nodes: readonly WrittenNode[] }
  | { readonly ok: false; readonly nodes: readonly WrittenNode[]; readonly reason: string };

/** `<legacy-conditions>` around the list that coreBOS stores; nothing where there are none. Those that cannot be read stay as a comment. */
export function convertConditions(text: string): ConvertedConditions {
  if (isNothing(text)) return { ok: true, nodes: [] };
  const compiled = compileConditionText(text);
  if (compiled.ok) return { ok: true, nodes: [element('legacy-conditions', {}, { text, as: 'cdata' })] };
  const { message } = compiled.problem;
  return { ok: false, nodes: [{ comment: `conditions that cannot be read (${message}):\n${text}` }], reason: message };
}

/** True for what coreBOS stores where there are no conditions. */
export function isNothing(conditions: string): boolean {
  return ['', '[]', 'null', '""', '{}'].includes(conditions);
}
