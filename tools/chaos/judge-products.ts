import type { Finding } from './finding.ts';
import type { Evidence } from './judge.ts';

interface Product {
  readonly id: string;
  readonly productname: string;
  readonly serial_no: string;
  readonly unit_price: number | null;
  readonly remote_id: string | null;
}

const PRODUCTS = `SELECT '14x' || number AS id, f_productname AS productname, f_serial_no AS serial_no,
  f_unit_price AS unit_price, f_remote_id AS remote_id FROM m_Products`;
const COMPARED = ['productname', 'serial_no', 'unit_price'] as const;

/** What became of the products: what clients were told against A, and A against B. */
export function judgeProducts({
  a,
  b,
  load,
  ownProductsOfB,
}: Pick<Evidence, 'a' | 'b' | 'load' | 'ownProductsOfB'>): Finding[] {
  const atA = a.rows<Product>(PRODUCTS);
  const atB = new Map(b.rows<Product>(PRODUCTS).map((product) => [product.id, product]));
  const byId = new Map(atA.map((product) => [product.id, product]));
  const linked = Map.groupBy(atA, (product) => product.remote_id ?? '');
  const told = [...load.products];
  const differing = told.filter(([id, values]) => {
    const product = byId.get(id);
    return product !== undefined && COMPARED.some((field) => String(product[field]) !== values[field]);
  });
  const unlike = atA.filter((product) => {
    const other = atB.get(product.remote_id ?? '');
    return other !== undefined && COMPARED.some((field) => product[field] !== other[field]);
  });
  const surplus = atB.size - ownProductsOfB - atA.length;
  return [
    {
      promise: 'no product that a client was told of is missing at A',
      broken: told.flatMap(([id]) => (byId.has(id) ? [] : [id])),
    },
    { promise: 'A holds the values last accepted', broken: differing.map(([id]) => id) },
    { promise: 'A holds no product twice', broken: idsOf(atA.filter(({ id }) => !load.products.has(id))) },
    { promise: 'every product of A is at B', broken: idsOf(atA.filter((p) => !atB.has(p.remote_id ?? ''))) },
    { promise: 'no two products of A are one at B', broken: sharedLinks(linked) },
    { promise: 'B holds no product twice', broken: surplus > 0 ? [`${surplus} too many`] : [] },
    { promise: 'A and B hold equal values', broken: idsOf(unlike) },
  ];
}

function idsOf(products: readonly Product[]): string[] {
  return products.map(({ id }) => id);
}

/** A product without a link is missing at B, which another promise tells. */
function sharedLinks(linked: ReadonlyMap<string, readonly Product[]>): string[] {
  return [...linked].flatMap(([link, products]) =>
    link !== '' && products.length > 1 ? [`${link}: ${products.length} products`] : [],
  );
}
