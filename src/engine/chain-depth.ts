/** How deep workflows may start each other. */
export const MAX_DEPTH = 8;
