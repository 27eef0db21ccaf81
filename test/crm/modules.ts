import type { FieldDefinition, FieldType, ModuleDefinition } from '../../src/core/module.ts';

/** A field with nothing special about it but what is given. */
export function field(name: string, type: FieldType, more: Partial<FieldDefinition> = {}): FieldDefinition {
  return { name, label: name, type, mandatory: false, readOnly: false, ...more };
}

/** Products as two installs would keep them in step, with a field of every type. */
export const PRODUCTS: ModuleDefinition = {
  name: 'Products',
  label: 'Products',
  prefix: '14',
  title: 'productname',
  fields: [
    field('productname', 'string', { label: 'Product Name', mandatory: true, length: 20 }),
    field('serial_no', 'string'),
    field('unit_price', 'currency'),
    field('quantity', 'integer'),
    field('weight', 'number'),
    field('discontinued', 'boolean', { defaultValue: '1' }),
    field('sales_start', 'date'),
    field('checked_at', 'datetime'),
    field('opens', 'time'),
    field('contact', 'email'),
    field('website', 'url'),
    field('status', 'picklist', { options: ['New', 'Old'] }),
    field('vendor_id', 'reference', { references: ['Vendors'] }),
    field('remote_id', 'string', { readOnly: true }),
    field('assigned_user_id', 'owner', { label: 'Assigned to', mandatory: true }),
  ],
};

/** What products refer to. */
const VENDORS: ModuleDefinition = {
  name: 'Vendors',
  label: 'Vendors',
  prefix: '18',
  title: 'vendorname',
  fields: [
    field('vendorname', 'string', { mandatory: true }),
    field('vendor_no', 'string', { mandatory: true, readOnly: true }),
    field('assigned_user_id', 'owner'),
    field('colours', 'multipicklist', { options: ['red', 'dark blue'], optionLabels: ['Red', 'Dark blue'] }),
  ],
};

/** The modules of an install. */
export const MODULES: ReadonlyMap<string, ModuleDefinition> = new Map([
  [PRODUCTS.name, PRODUCTS],
  [VENDORS.name, VENDORS],
]);
