import type { Area } from './area.ts';
import type { AreaSource } from './supervisor.ts';

/** Where each area is declared, in the order in which they are done. */
const MODULES = {
  documents: new URL('./areas/documents.ts', import.meta.url),
  expressions: new URL('./areas/expressions.ts', import.meta.url),
  'legacy-expressions': new URL('./areas/legacy-expressions.ts', import.meta.url),
  templates: new URL('./areas/templates.ts', import.meta.url),
  conditions: new URL('./areas/conditions.ts', import.meta.url),
  'legacy-templates': new URL('./areas/legacy-templates.ts', import.meta.url),
  'business-maps': new URL('./areas/business-maps.ts', import.meta.url),
  queries: new URL('./areas/queries.ts', import.meta.url),
  requests: new URL('./areas/requests.ts', import.meta.url),
  answers: new URL('./areas/answers.ts', import.meta.url),
  soap: new URL('./areas/soap.ts', import.meta.url),
  php: new URL('./areas/php.ts', import.meta.url),
  'workflow-exports': new URL('./areas/workflow-exports.ts', import.meta.url),
} as const;

export type AreaName = keyof typeof MODULES;

export const AREA_NAMES = Object.keys(MODULES) as readonly AreaName[];

export function isAreaName(name: string): name is AreaName {
  return Object.hasOwn(MODULES, name);
}

/** The area of this name, and where a process finds it. */
export function loadArea(name: AreaName): Promise<AreaSource> {
  return loadAreaFrom(MODULES[name]);
}

/** The area that a module exports as `AREA`. */
export async function loadAreaFrom(url: URL): Promise<AreaSource> {
  const { AREA } = (await import(url.href)) as { readonly AREA: Area };
  return { area: AREA, module: url.href };
}
