import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import { formatDate, formatMonth } from '../../../ui/index.ts';
import { readAccounts } from '../../accounts/index.ts';
import { type AccountOwed, readAccountsOwed } from '../../billing/index.ts';
import { readLinks } from '../../connections/index.ts';
import { readOrganisations } from '../../organisations/index.ts';
import { accountTitle, appealAbout, type WhyCase, type WhyStep } from './why.ts';

/** «Почему нет квитанции»: each connected account with the bill that is to come and the day the law names for it. */
export async function readBillCases(db: Db, personId: PersonId, now: Date): Promise<WhyCase[]> {
  const links = (await readLinks(db, personId)).filter(({ state }) => state === 'connected');
  const asked = links.map((link) => ({ houseId: link.house_id, accountId: link.account_id }));
  const houses = [...new Set(links.map((link) => link.house_id))];
  const [owed, providers, cards] = await Promise.all([
    readAccountsOwed(db, asked, now),
    readOrganisations(db, [...new Set(links.map((link) => link.provider_id))]),
    Promise.all(
      houses.map((houseId) =>
        readAccounts(
          db,
          houseId,
          asked.filter((one) => one.houseId === houseId).map(({ accountId }) => accountId),
        ),
      ),
    ),
  ]);
  return links.flatMap((link): WhyCase[] => {
    const account = owed.find(({ accountId }) => accountId === link.account_id);
    const card = cards.flat().find(({ accountId }) => accountId === link.account_id);
    const provider = providers.find(({ organisationId }) => organisationId === link.provider_id);
    if (!account || !card) return [];
    const steps = card.closedOn ? [closedStep(card.closedOn)] : billSteps(account, now);
    const late = steps.some(({ state }) => state === 'missing') && !card.closedOn;
    return [
      {
        key: link.link_id,
        title: accountTitle(link.title, provider?.shortName, card.number),
        steps: [{ title: 'Лицевой счёт подключён', state: 'done' }, ...steps],
        appeal: late ? appealAbout({ about: 'bill', link: link.link_id, period: account.next?.period }) : null,
        ...(account.latest && { next: { href: '/bills', label: 'Размещённые квитанции' } }),
        contacts: provider ?? null,
      },
    ];
  });
}

const closedStep = (closedOn: string): WhyStep => ({
  title: 'Лицевой счёт действует',
  state: 'missing',
  words: `Организация закрыла его ${formatDate(closedOn)}: новых квитанций не будет. Если вы переехали, подключите новый счёт.`,
});

function billSteps({ latest, next, issuer, zone }: AccountOwed, now: Date): WhyStep[] {
  const last: WhyStep[] = latest
    ? [
        {
          title: `Квитанция за ${formatMonth(latest.period)} размещена`,
          state: 'done',
          words: `${latest.issuer}, ${formatDate(latest.issuedAt, zone)}`,
        },
      ]
    : [];
  if (!next) return last;
  const late = next.day < dayIn(zone, now);
  const who = issuer || 'организация, которая начисляет плату';
  return [
    ...last,
    {
      title: `Квитанция за ${formatMonth(next.period)} размещена`,
      state: late ? 'missing' : 'waiting',
      words: late
        ? `Её обязан был разместить ${who} до ${formatDate(next.day)}`
        : `Ещё не пора: её размещает ${who} до ${formatDate(next.day)}`,
      source: next.source,
    },
  ];
}
