import { formatToken, openSession, SESSION_COOKIE } from '../src/modules/identity/index.ts';
import type { Context } from '../src/platform/context.ts';
import type { LinkId, PersonId } from '../src/platform/ids.ts';
import { snilsOf } from './check-digits.ts';
import { residentOf } from './names.ts';
import { acceptTexts, insertResidents, type SampleResident, selectSampleAccounts } from './queries.ts';
import { idsOf, randomOf } from './random.ts';

export interface PickedResident {
  personId: PersonId;
  /** The value of a Cookie header. */
  cookie: string;
}

const ACCOUNTS_OF_EACH = 2;
/** Above every serial of the district and of the bulk. */
const FIRST_SERIAL = 10_000_000;

/**
 * Makes residents for measuring: each has accepted the texts, has two accounts connected, in two houses as a rule, and a session.
 * Call it once on a database: it makes the same people each time.
 */
export async function pickResidents(context: Context, count: number): Promise<PickedResident[]> {
  const at = context.clock();
  const accounts = await selectSampleAccounts(context.db, count * ACCOUNTS_OF_EACH);
  const residents = Array.from({ length: count }, (_, index): SampleResident => {
    const makeId = idsOf('bench', index);
    return {
      personId: makeId<PersonId>(at),
      ...residentOf(randomOf('bench', index), snilsOf(FIRST_SERIAL + index)),
      accounts: accounts
        .slice(index * ACCOUNTS_OF_EACH, (index + 1) * ACCOUNTS_OF_EACH)
        .map((account) => ({ ...account, linkId: makeId<LinkId>(at) })),
    };
  });
  await insertResidents(context.db, residents, at);
  await acceptTexts(
    context.db,
    residents.map(({ personId }) => personId),
    at,
  );
  const picked: PickedResident[] = [];
  for (const { personId } of residents) {
    const token = await openSession(context, context.db, { personId, userAgent: 'bench', idToken: null });
    picked.push({ personId, cookie: `${SESSION_COOKIE}=${formatToken(token)}` });
  }
  return picked;
}
