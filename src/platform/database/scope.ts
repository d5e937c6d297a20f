import { type RawBuilder, sql } from 'kysely';
import type { HouseScope } from '../access.ts';

/**
 * That a house is one of those an employee is limited to, for every statement of the workplace: «where … and ${inScope('house_id', houses)}».
 * @param column of our own code, never of a request
 */
export const inScope = (column: string, houses: HouseScope): RawBuilder<boolean> =>
  houses === null ? sql<boolean>`true` : sql<boolean>`${sql.ref(column)} = any(${[...houses]}::uuid[])`;
