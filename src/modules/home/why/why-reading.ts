import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, PersonId } from '../../../platform/ids.ts';
import { addMonths, type Day, dayIn, type Month } from '../../../platform/month.ts';
import { loadRulesOf, type RulesInForce } from '../../../platform/rules/rules.ts';
import { formatDate } from '../../../ui/index.ts';
import { readLinks } from '../../connections/index.ts';
import { type HouseCard, readHouses } from '../../houses/index.ts';
import { formatTaking, isTaking, takingsFor } from '../../meters/index.ts';
import { readOrganisations } from '../../organisations/index.ts';
import { type HomeAccount, selectAccountsAtHome } from '../queries.ts';
import { accountTitle, appealAbout, untilMissing, type WhyCase, type WhyStep } from './why.ts';

type Link = Awaited<ReturnType<typeof readLinks>>[number];
type AtHome = Awaited<ReturnType<typeof selectAccountsAtHome>>;

/** Nothing is measured by what these accounts are for. */
const WITHOUT_METERS: ReadonlySet<HomeAccount['kind']> = new Set(['capital_repair', 'tko']);

/** «Почему не передать показания»: the device, its verification and the days on which values are taken, for each account. */
export async function readReadingCases(db: Db, personId: PersonId, now: Date): Promise<WhyCase[]> {
  const links = (await readLinks(db, personId)).filter(({ state }) => state === 'connected');
  const byHouse = Map.groupBy(links, (link) => link.house_id);
  const houses = await readHouses(db, [...byHouse.keys()]);
  const places = houses.flatMap(({ houseId, regionCode, oktmo }) =>
    byHouse.get(houseId)!.map((link) => ({ houseId, regionCode, oktmo, organisationId: link.provider_id })),
  );
  const [rules, providers, ...rows] = await Promise.all([
    loadRulesOf(db, ['reading.window'], places),
    readOrganisations(db, [...new Set(links.map((link) => link.provider_id))]),
    ...[...byHouse].map(([houseId, own]) => readRows(db, houseId, own, now)),
  ]);
  return [...byHouse].flatMap(([houseId, own], index) => {
    const house = houses.find((one) => one.houseId === houseId);
    if (!house) return [];
    return own.flatMap((link): WhyCase[] => {
      const row = rows[index]!.find(({ account }) => account.accountId === link.account_id);
      const provider = providers.find(({ organisationId }) => organisationId === link.provider_id);
      if (!row || row.account.closedOn !== null) return [];
      if (WITHOUT_METERS.has(row.account.kind) && row.devices.length === 0) return [];
      const steps = readingSteps(row, rules, house, dayIn(house.zone, now));
      return [
        {
          key: link.link_id,
          title: accountTitle(link.title, provider?.shortName, row.account.number),
          steps,
          appeal: row.devices.length === 0 ? appealAbout({ about: 'reading', link: link.link_id }) : null,
          ...(steps.every(({ state }) => state === 'done') && {
            next: { href: '/readings', label: 'Передать показания' },
          }),
          contacts: provider ?? null,
        },
      ];
    });
  });
}

const readRows = (db: Db, houseId: HouseId, links: readonly Link[], now: Date): Promise<AtHome> =>
  selectAccountsAtHome(
    db,
    houseId,
    links.map((link) => link.account_id),
    addMonths(now.toISOString().slice(0, 7) as Month, -2),
    [],
  );

function readingSteps(
  { account, devices }: AtHome[number],
  rules: RulesInForce,
  house: HouseCard,
  today: Day,
): WhyStep[] {
  const connected: WhyStep = { title: 'Лицевой счёт подключён', state: 'done' };
  const [taking] = takingsFor(rules, house, [account.providerId], today);
  return untilMissing([
    connected,
    devices.length > 0
      ? { title: 'Прибор учёта внесён', state: 'done' }
      : {
          title: 'Прибор учёта внесён',
          state: 'missing',
          words:
            'Вносит организация, которая начисляет по этому счёту. Ей нужны номер прибора и акт ввода в эксплуатацию. До этого начисляют по нормативу. Если организация начисляет только за содержание дома, приборов у неё нет, и показания передают другим.',
        },
    ...(devices.length > 0 ? [verificationStep(devices, today)] : []),
    ...(taking ? [windowStep(taking, today)] : []),
  ]);
}

function verificationStep(devices: AtHome[number]['devices'], today: Day): WhyStep {
  const title = 'Поверка действует';
  const ended = devices.flatMap(({ verifyBy }) => (verifyBy && verifyBy < today ? [verifyBy] : [])).sort()[0];
  if (!ended) return { title, state: 'done' };
  return {
    title,
    state: 'missing',
    words: `У одного из приборов она закончилась ${formatDate(ended)}: показания без поверки не учитываются. Поверку или замену заказывает собственник, потом сведения вносит организация.`,
  };
}

function windowStep(taking: ReturnType<typeof takingsFor>[number], today: Day): WhyStep {
  const words = `Принимают ${formatTaking(taking)}.`;
  const source = taking.rule.source;
  return isTaking(taking, today)
    ? { title: 'Идёт приём показаний', state: 'done', words }
    : { title: 'Идёт приём показаний', state: 'waiting', words, ...(source && { source }) };
}
