import { childrenOf, type LegacyNode } from '../../expression/legacy/tree.ts';

/**
 * True for what fails on an empty field: products, quotients and signs. coreBOS computes every argument and operand, JSONata
 * only those that still decide something.
 */
export function mayFail(node: LegacyNode): boolean {
  const isRisky = node.kind === 'binary' ? node.operator === '*' || node.operator === '/' : node.kind === 'unary';
  return isRisky || childrenOf(node).some(mayFail);
}
