import type { Db } from '../../platform/database/database.ts';
import type { AccountId, HouseId, LinkId, OrganisationId, PersonId } from '../../platform/ids.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import { type AccountCard, KIND_WORDS, readAccounts, shareInWords } from '../accounts/index.ts';
import { premisesLabel, readHouses, readPremises } from '../houses/index.ts';
import { readOrganisations } from '../organisations/index.ts';
import { appealAboutClaim, CLAIM_ZONE } from './claim-term.ts';
import type { LinkState } from './connection.ts';
import { selectDueDays } from './queries/claim-terms.ts';
import { selectLinks } from './queries.ts';

type Link = Awaited<ReturnType<typeof selectLinks>>[number];

/** A link as its person sees it. */
export interface LinkView {
  linkId: LinkId;
  state: LinkState;
  title: string;
  refusal: string | null;
  changedAt: Date;
  provider: string;
  providerId: OrganisationId;
  words: string;
  number: string;
  els: string;
  serviceId: string;
  address: string;
  houseId: HouseId;
  accountId: AccountId;
  closed: boolean;
  /** Of an account that is somebody else's: «Мария Д., до 31.12.2026, смотреть»; null for one's own. */
  sharedBy: string | null;
  /** Of a claim that waits: when it was sent, and the last day for the answer. */
  claim: { sentOn: Day; dueOn: Day } | null;
  /** The appeal about a claim that is late at the moment, or was refused. */
  appeal: string | null;
}

/** The person's accounts by home; removed ones are left out, and shares that are over at the moment. */
export async function describeLinks(db: Db, personId: PersonId, at?: Date): Promise<LinkView[]> {
  const all = await selectLinks(db, personId);
  const newest = new Map(all.toReversed().map((link) => [link.account_id, link]));
  const links = all.filter(
    (link) =>
      link.state !== 'removed' &&
      !(link.state === 'shared' && at && link.ends_at && link.ends_at <= at) &&
      // What was asked again is no refusal any more.
      !(link.state === 'refused' && newest.get(link.account_id) !== link),
  );
  const houseIds = [...new Set(links.map((link) => link.house_id))];
  const [houses, providers, dueDays, ...cards] = await Promise.all([
    readHouses(db, houseIds),
    readOrganisations(db, [...new Set(links.map((link) => link.provider_id))]),
    selectDueDays(db, links.flatMap(claimOf)),
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
    const { shortAddress: house = '', fiasGuid = null } = houses.find((one) => one.houseId === link.house_id) ?? {};
    const dueOn = link.claim_id && dueDays.get(link.claim_id);
    const claim = dueOn ? { sentOn: dayIn(CLAIM_ZONE, link.created_at), dueOn } : null;
    const late = claim && at && claim.dueOn < dayIn(CLAIM_ZONE, at) ? claim : null;
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
        accountId: link.account_id,
        closed: card.closedOn !== null,
        sharedBy: link.state === 'shared' ? sharedWords(link) : null,
        claim,
        appeal:
          late || link.state === 'refused'
            ? appealAboutClaim({ providerId: link.provider_id, fiasGuid, number: card.number, late })
            : null,
      },
    ];
  });
  return described.sort(
    (a, b) => a.address.localeCompare(b.address, 'ru', { numeric: true }) || a.words.localeCompare(b.words, 'ru'),
  );
}

/** Of a link that waits for an answer. */
const claimOf = ({ state, provider_id: organisationId, claim_id: claimId }: Link) =>
  state === 'pending' && claimId ? [{ organisationId, claimId }] : [];

const sharedWords = ({ owner_name, rights, until }: Link): string =>
  shareInWords({ ownerName: owner_name ?? '', rights: rights ?? [], until });
