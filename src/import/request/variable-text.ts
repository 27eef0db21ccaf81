import type { DescribedSource } from '../description/described-api.ts';
import { literalText } from '../description/naming.ts';

/** Gives the placeholder of a document for a variable: `context.order_id`, `setting.shop_url`. */
export type Placeholders = (variable: string) => string;

const VARIABLE = /\{\{\s*([^{}]+?)\s*\}\}/gu;

function hasVariables(text: string): boolean {
  return text.search(VARIABLE) !== -1;
}

/** The text as a template; `escape` is for what stands between the variables. */
export function templateOf(
  text: string,
  placeholders: Placeholders,
  escape: (literal: string) => string = literalText,
): string {
  let end = 0;
  let template = '';
  for (const found of text.matchAll(VARIABLE)) {
    template += `${escape(text.slice(end, found.index))}{${placeholders(found[1] ?? '')}}`;
    end = found.index + found[0].length;
  }
  return template + escape(text.slice(end));
}

/** A literal, a single variable, or a template of both. */
export function sourceOf(text: string, placeholders: Placeholders): DescribedSource {
  if (!hasVariables(text)) return { value: text };
  const only = /^\{\{\s*([^{}]+?)\s*\}\}$/u.exec(text)?.[1];
  if (only === undefined) return { template: templateOf(text, placeholders) };
  const [root = '', ...path] = placeholders(only).split('.');
  const name = path.join('.');
  if (root === 'context') return { context: name };
  if (root === 'secret') return { secret: name };
  return root === 'setting' ? { setting: name } : { template: `{${root}.${name}}` };
}
