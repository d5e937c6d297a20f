import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import { readPerson } from '../../identity/index.ts';

/** «Мария Д.»: enough for whoever was invited by her, too little for whoever found the letter. */
export async function ownerNameOf(db: Db, personId: PersonId): Promise<string> {
  const person = await readPerson(db, personId);
  const initial = person?.familyName.trim().slice(0, 1);
  return [person?.givenName || 'Владелец счёта', initial && `${initial}.`].filter(Boolean).join(' ');
}
