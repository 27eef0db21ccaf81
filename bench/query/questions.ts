/** One question to the records, as a client asks it and as somebody would write it by hand for the same table. */
export interface Question {
  readonly title: string;
  /** In the query language of webservice.php. */
  readonly text: string;
  /** The same rows, or the number of them. */
  readonly sql: string;
  /** How many there are without the limit, which every answer of the query language tells too; none for a count. */
  readonly totalSql: string | undefined;
  readonly values: readonly (string | number)[];
}

const COLUMNS =
  'number, version, created_at, modified_at, created_by, modified_by, f_productname, f_serial_no, f_unit_price, f_remote_id';

/** The questions about so many products; what is asked for lies in their middle. */
export function questionsOf(records: number): readonly Question[] {
  const middle = Math.floor(records / 2);
  const serials = Array.from({ length: 10 }, (_, n) => `SN-${middle + n}`);
  const names = Array.from({ length: 10 }, (_, n) => `Product ${middle + n}`);
  const prefix = `SN-${String(middle).slice(0, -1)}`;
  return [
    where('equal, indexed', `productname = 'Product ${middle}'`, 'f_productname = ?', [`Product ${middle}`]),
    where('equal, not indexed', `serial_no = 'SN-${middle}'`, 'f_serial_no = ?', [`SN-${middle}`]),
    where('like, beginning', `serial_no like '${prefix}%'`, 'f_serial_no LIKE ?', [`${prefix}%`]),
    where('in, indexed, 10 values', inText('productname', names), inSql('f_productname'), names),
    where('in, not indexed, 10 values', inText('serial_no', serials), inSql('f_serial_no'), serials),
    {
      title: 'order by price, limit 20',
      text: 'select * from Products order by unit_price desc limit 20;',
      sql: `SELECT ${COLUMNS} FROM m_Products ORDER BY f_unit_price DESC, number LIMIT 20`,
      totalSql: 'SELECT count(*) FROM m_Products',
      values: [],
    },
    {
      title: 'count, not indexed',
      text: `select count(*) from Products where unit_price > 500;`,
      sql: 'SELECT count(*) FROM m_Products WHERE f_unit_price > ?',
      totalSql: undefined,
      values: [500],
    },
  ];
}

function where(title: string, condition: string, sqlCondition: string, values: readonly string[]): Question {
  return {
    title,
    text: `select * from Products where ${condition} limit 100;`,
    sql: `SELECT ${COLUMNS} FROM m_Products WHERE ${sqlCondition} ORDER BY number LIMIT 100`,
    totalSql: `SELECT count(*) FROM m_Products WHERE ${sqlCondition}`,
    values,
  };
}

function inText(field: string, values: readonly string[]): string {
  return `${field} in (${values.map((value) => `'${value}'`).join(', ')})`;
}

function inSql(column: string): string {
  return `${column} IN (${'?, '.repeat(9)}?)`;
}
