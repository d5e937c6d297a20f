import type { Db } from '../../../platform/database/database.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import { isUuid, type OrganisationId } from '../../../platform/ids.ts';
import { addDays, type Day } from '../../../platform/month.ts';
import { getRule } from '../../../platform/rules/rules.ts';
import { listItems } from '../../classifiers/index.ts';
import { findOrganisationsBy, readOrganisations } from '../../organisations/index.ts';
import { offerAddressees } from '../find-addressees.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { placeOf } from '../open-part.ts';
import { regimeOf } from '../term.ts';

/** НСИ 20: полномочие организации. */
const POWERS = 20;
const MOST_FOUND = 20;
const MOST_CHOSEN = 10;

export interface Receiver {
  organisationId: OrganisationId;
  powerCode: string;
}

export interface Candidate {
  organisationId: OrganisationId;
  name: string;
  /** ИНН and address, or why it is offered. */
  about: string;
  /** НСИ 20: in which role it may be addressed. */
  powers: { code: string; name: string }[];
}

export interface RedirectionView {
  chosen: (Receiver & { name: string; power: string })[];
  candidates: Candidate[];
  /** They were searched for; otherwise they are offered by the address and the topic. */
  isSearch: boolean;
  powers: { code: string; name: string }[];
  /** The last day, inclusive, on which a body may still pass on what it has registered; null where no law sets one. */
  forwardBy: { day: Day; source: string } | null;
}

/** «<organisation>.<power>,…»: stands in the address while one chooses, and in the form. */
export const readChosen = (text: string | undefined): Receiver[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.split('.'))
    .filter(([organisationId = '', powerCode = '']) => isUuid(organisationId) && /^\d{1,3}$/.test(powerCode))
    .slice(0, MOST_CHOSEN)
    .map(([organisationId, powerCode]) => ({
      organisationId: organisationId as OrganisationId,
      powerCode: powerCode!,
    }));

export const formatChosen = (chosen: readonly Receiver[]): string =>
  chosen.map(({ organisationId, powerCode }) => `${organisationId}.${powerCode}`).join(',');

/** Who may get an appeal: those that were searched for by name, ИНН or power; without a search those that suit it. */
export async function readRedirection(db: Db, at: AppealAtDesk, sent: Typed): Promise<RedirectionView> {
  const { appeal } = at.whole;
  const { q = '', power = '' } = sent;
  const words = q.trim().slice(0, 100);
  const isSearch = words !== '' || power !== '';
  const items = (await listItems(db, POWERS)).filter(({ actual }) => actual);
  const nameOf = (code: string) => items.find((item) => item.code === code)?.name ?? code;
  const named = (codes: readonly string[]) => codes.map((code) => ({ code, name: nameOf(code) }));
  const candidates = isSearch
    ? await search(db, words, power, named)
    : (await offerAddressees(db, appeal, appeal.topicCode)).map((one) => ({
        organisationId: one.organisationId,
        name: one.shortName,
        about: one.why,
        powers: named([one.powerCode]),
      }));
  const chosen = readChosen(sent.to);
  const cards = await readOrganisations(
    db,
    chosen.map(({ organisationId }) => organisationId),
  );
  const taken = new Set<string>([at.part.organisationId, ...chosen.map(({ organisationId }) => organisationId)]);
  return {
    chosen: chosen.flatMap((one) => {
      const card = cards.find(({ organisationId }) => organisationId === one.organisationId);
      return card ? [{ ...one, name: card.shortName, power: nameOf(one.powerCode) }] : [];
    }),
    candidates: candidates.filter(({ organisationId }) => !taken.has(organisationId)),
    isSearch,
    powers: items.map(({ code, name }) => ({ code, name })).sort((a, b) => a.name.localeCompare(b.name, 'ru')),
    forwardBy: await readForwardBy(db, at),
  };
}

/** 59-ФЗ, ст. 8 ч. 3: days from the registration. */
async function readForwardBy(db: Db, { part, whole: { appeal } }: AppealAtDesk): Promise<RedirectionView['forwardBy']> {
  const { registeredOn, powerCode, organisationId } = part;
  if (!registeredOn || regimeOf(powerCode) !== 'state') return null;
  const { value, source } = await getRule(
    db,
    'appeal.state.forward_days',
    registeredOn,
    placeOf(appeal, organisationId),
  );
  return { day: addDays(registeredOn, Number(value)), source };
}

async function search(
  db: Db,
  words: string,
  powerCode: string,
  named: (codes: readonly string[]) => Candidate['powers'],
): Promise<Candidate[]> {
  const isInn = /^\d{10}(\d{2})?$/.test(words);
  const criteria = { name: isInn ? '' : words, inn: isInn ? words : '', ogrn: '', powerCode, legalForm: '' };
  const found = await findOrganisationsBy(db, criteria, null, { after: null, limit: MOST_FOUND });
  return found.map(({ organisationId, shortName, inn, address, powers }) => ({
    organisationId,
    name: shortName,
    about: [`ИНН ${inn}`, address].filter(Boolean).join(', '),
    powers: named(powerCode ? powers.filter((code) => code === powerCode) : powers),
  }));
}
