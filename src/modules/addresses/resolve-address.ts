import type { Db } from '../../platform/database/database.ts';
import type { Address } from './find-address.ts';
import { readQuery } from './read-query.ts';
import { searchAddresses } from './search-addresses.ts';

export type Resolved =
  | { kind: 'found'; address: Address; flat: string | null }
  | { kind: 'ambiguous'; candidates: readonly Address[]; flat: string | null }
  | { kind: 'none'; candidates: readonly Address[]; flat: string | null };

/**
 * The house that a printed address or a ФИАС GUID names, for files of organisations: found only when exactly one house of the
 * register answers to the number and to every word. A near one is a candidate for the person to look at, never an answer.
 */
export async function resolveAddressText(
  db: Db,
  text: string,
  options: { regionCode?: string } = {},
): Promise<Resolved> {
  const { flat } = readQuery(text);
  const { houses } = await searchAddresses(db, text, { ...options, limit: 10 });
  const answers = houses.filter((house) => house.exact && house.goneOn === null);
  const best = Math.max(...answers.map(({ fit }) => fit));
  const exact = answers.filter(({ fit }) => fit === best);
  const [only] = exact;
  if (only && exact.length === 1) return { kind: 'found', address: only, flat };
  return exact.length > 1 ? { kind: 'ambiguous', candidates: exact, flat } : { kind: 'none', candidates: houses, flat };
}
