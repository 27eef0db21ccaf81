/** What every caller sends: an object of texts, as a map's parameters make one. */
export interface Order {
  /** Used by no other call. */
  readonly reference: string;
  readonly customer: string;
  readonly product: string;
  readonly quantity: string;
  readonly note: string;
}

/** The orders of one round. */
export function ordersOf({ label, count }: { readonly label: string; readonly count: number }): Order[] {
  return Array.from({ length: count }, (_, index) => ({
    reference: `${label} ${index + 1}`,
    customer: `C-${10_000 + index}`,
    product: 'Bolt M8 x 40, zinc plated',
    quantity: String(1 + (index % 40)),
    note: 'deliver to gate 4, call before arrival; part deliveries are welcome',
  }));
}
