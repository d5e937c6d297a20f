import type { Db } from '../../platform/database/database.ts';
import type { HouseId, LinkId, PersonId } from '../../platform/ids.ts';
import { type AccountCard, KIND_WORDS, readAccounts, shareInWords } from '../accounts/index.ts';
import { premisesLabel, readHouses, readPremises } from '../houses/index.ts';
import { readOrganisations } from '../organisations/index.ts';
import type { LinkState } from './connection.ts';
import { selectLinks } from './queries.ts';

/** A link as its person sees it. */
export interface LinkView {
  linkId: LinkId;
  state: LinkState;
  title: string;
  refusal: string | null;
  changedAt: Date;
  provider: string;
  providerId: string;
  words: string;
  number: string;
  els: string;
  serviceId: string;
  address: string;
  houseId: HouseId;
  closed: boolean;
  /** Of an account that is somebody else's: «Мария Д., до 31.12.2026, смотреть»; null for one's own. */
  sharedBy: string | null;
}

/** The person's accounts by home; removed ones are left out, and shares that are over at the moment. */
export async function describeLinks(db: Db, personId: PersonId, at?: Date): Promise<LinkView[]> {
  const links = (await selectLinks(db, personId)).filter(
    ({ state, ends_at }) => state !== 'removed' && !(state === 'shared' && at && ends_at && ends_at <= at),
  );
  const houseIds = [...new Set(links.map((link) => link.house_id))];
  const [houses, providers, ...cards] = await Promise.all([
    readHouses(db, houseIds),
    readOrganisations(db, [...new Set(links.map((link) => link.provider_id))]),
    ...houseIds.map((houseId) =>
      readAccounts(
        db,
        houseId,
        links.filter((link) => link.house_id === houseId).map((link) => link.account_id),
      ),
    ),
  ]);
  const premises = await Promise.all(
    houseIds.map((houseId, index) =>
      readPremises(
        db,
        houseId,
        (cards[index] ?? []).flatMap(({ places }) => places.map(({ premisesId }) => premisesId)),
      ),
    ),
  );
  const labels = new Map(premises.flat().map((one) => [one.premisesId, premisesLabel(one)]));
  const byId = new Map<string, AccountCard>(cards.flat().map((card) => [card.accountId, card]));
  const described = links.flatMap((link): LinkView[] => {
    const card = byId.get(link.account_id);
    if (!card) return [];
    // Until the organisation agrees, the claimant learns no more of the account than its number.
    const own = link.state === 'connected';
    const known = own || link.state === 'shared' || link.state === 'suspended';
    const house = houses.find((one) => one.houseId === link.house_id)?.shortAddress ?? '';
    const places = known ? card.places.map(({ premisesId }) => labels.get(premisesId)) : [];
    return [
      {
        linkId: link.link_id,
        state: link.state,
        title: link.title,
        refusal: link.refusal,
        changedAt: link.changed_at,
        provider: providers.find((one) => one.organisationId === link.provider_id)?.shortName ?? '',
        providerId: link.provider_id,
        words: KIND_WORDS[card.kind],
        number: card.number,
        // A helper needs no number by which the account is connected.
        els: own ? card.els : '',
        serviceId: own ? card.serviceId : '',
        address: [house, ...new Set(places)].filter(Boolean).join(', '),
        houseId: link.house_id,
        closed: card.closedOn !== null,
        sharedBy: link.state === 'shared' ? sharedWords(link) : null,
      },
    ];
  });
  return described.sort(
    (a, b) => a.address.localeCompare(b.address, 'ru', { numeric: true }) || a.words.localeCompare(b.words, 'ru'),
  );
}

const sharedWords = ({ owner_name, rights, until }: Awaited<ReturnType<typeof selectLinks>>[number]): string =>
  shareInWords({ ownerName: owner_name ?? '', rights: rights ?? [], until });
