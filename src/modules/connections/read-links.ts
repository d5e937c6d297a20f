import type { Db } from '../../platform/database/database.ts';
import type { HouseId, LinkId, PersonId } from '../../platform/ids.ts';
import { type AccountCard, KIND_WORDS, readAccounts } from '../accounts/index.ts';
import { premisesLabel, readHouses, readPremises } from '../houses/index.ts';
import { readOrganisations } from '../organisations/index.ts';
import { selectLinks } from './queries.ts';

/** A link as its person sees it. */
export interface LinkView {
  linkId: LinkId;
  state: 'connected' | 'pending' | 'refused' | 'removed';
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
}

/** The person's accounts by home; removed ones are left out. */
export async function describeLinks(db: Db, personId: PersonId): Promise<LinkView[]> {
  const links = (await selectLinks(db, personId)).filter((link) => link.state !== 'removed');
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
    const known = link.state === 'connected';
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
        els: known ? card.els : '',
        serviceId: known ? card.serviceId : '',
        address: [house, ...new Set(places)].filter(Boolean).join(', '),
        houseId: link.house_id,
        closed: card.closedOn !== null,
      },
    ];
  });
  return described.sort(
    (a, b) => a.address.localeCompare(b.address, 'ru', { numeric: true }) || a.words.localeCompare(b.words, 'ru'),
  );
}
