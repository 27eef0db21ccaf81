/** A product as every contestant sends it. */
export interface Product {
  readonly productname: string;
  readonly serial_no: string;
  readonly unit_price: string;
}

/** The products of one round: their names are used nowhere else. */
export function productsOf(params: { readonly label: string; readonly count: number }): Product[] {
  return Array.from({ length: params.count }, (_, index) => ({
    productname: `${params.label} ${index + 1}`,
    serial_no: `SN-${index + 1}`,
    unit_price: '1.5',
  }));
}
