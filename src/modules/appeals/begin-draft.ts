import { type Actor, authorise, personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { formatPhone, NBSP } from '../../ui/index.ts';
import { readPerson } from '../identity/index.ts';
import { access } from './access.ts';
import { type DraftContent, EMPTY_DRAFT } from './draft.ts';
import { findHousePlace } from './find-place.ts';
import { type OwnHome, readOwnHomes } from './own-homes.ts';
import { type About, readyText } from './ready-texts.ts';

/**
 * What a new appeal begins with: mail and phone of the profile, the only home of the person, and what the link says. Nothing is written:
 * the draft is there with the first saving.
 * @throws NotFound when the link names what is not the person's
 */
export async function beginDraft(context: Context, actor: Actor, about: About): Promise<DraftContent> {
  authorise(actor, access.writeAppeal);
  const { personId } = personOf(actor);
  const [person, homes, ready] = await Promise.all([
    readPerson(context.db, personId),
    readOwnHomes(context.db, personId),
    readyText(context, actor, about),
  ]);
  const [only] = homes;
  const isPlaced = ready.fiasGuid !== undefined || Boolean(ready.address) || about.about === 'house';
  const place = only && homes.length === 1 && !isPlaced ? await placeOfHome(context, only) : {};
  const profile = {
    email: person?.email ?? '',
    phone: person?.phone ? formatPhone(person.phone).replaceAll(NBSP, ' ') : '',
    answerEmail: person?.email ?? '',
  };
  return { ...EMPTY_DRAFT, ...profile, ...place, ...ready };
}

/** One tap instead of the address window. */
export async function placeOfHome({ db }: Pick<Context, 'db'>, home: OwnHome): Promise<Partial<DraftContent>> {
  return { ...(await findHousePlace(db, home.fiasGuid)), flat: home.flat };
}
