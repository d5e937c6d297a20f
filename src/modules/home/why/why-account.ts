import type { Db } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../../platform/ids.ts';
import { addDays, dayIn } from '../../../platform/month.ts';
import { addWorkingDays, getRule } from '../../../platform/rules/rules.ts';
import { formatDate } from '../../../ui/index.ts';
import { readLinks } from '../../connections/index.ts';
import { readHouses } from '../../houses/index.ts';
import { readOrganisations } from '../../organisations/index.ts';
import { appealAbout, untilMissing, type WhyCase } from './why.ts';
import { readHouseStanding } from './why-house.ts';

/** Claims are answered by the organisations' calendar. */
const ZONE = 'Europe/Moscow';

type Link = Awaited<ReturnType<typeof readLinks>>[number];

/** Claims of the person that wait or were refused. */
export async function readClaimCases(db: Db, personId: PersonId, now: Date): Promise<WhyCase[]> {
  const links = (await readLinks(db, personId)).filter(({ state }) => state === 'pending' || state === 'refused');
  const [houses, providers] = await Promise.all([
    readHouses(db, [...new Set(links.map((link) => link.house_id))]),
    readOrganisations(db, [...new Set(links.map((link) => link.provider_id))]),
  ]);
  return Promise.all(
    links.map(async (link) => {
      const provider = providers.find(({ organisationId }) => organisationId === link.provider_id);
      const house = houses.find(({ houseId }) => houseId === link.house_id);
      return {
        key: link.link_id,
        title: `Заявка: ${provider?.shortName ?? 'организация'}, ${house?.shortAddress ?? ''}`,
        steps: [
          { title: 'Лицевой счёт размещён', state: 'done' as const, ...(provider && { words: provider.shortName }) },
          await answerStep(db, link, now),
        ],
        appeal: appealAbout({ about: 'connect', provider: link.provider_id, address: house?.fiasGuid }),
        contacts: provider ?? null,
      };
    }),
  );
}

async function answerStep(db: Db, link: Link, now: Date): Promise<WhyCase['steps'][number]> {
  const title = 'Организация ответила на заявку';
  if (link.state === 'refused')
    return {
      title,
      state: 'missing',
      words: `Отказано ${formatDate(link.changed_at, ZONE)}: ${link.refusal ?? 'причина не названа'}. Если отказ неверен, напишите организации: она обязана ответить.`,
    };
  const sentOn = dayIn(ZONE, link.created_at);
  const place = { organisationId: link.provider_id as OrganisationId, houseId: link.house_id };
  const rule = await getRule(db, 'claims.answer_days', sentOn, place);
  const days = Number(rule.value);
  const dueOn = days > 0 ? await addWorkingDays(db, sentOn, days) : addDays(sentOn, 0);
  const late = dueOn < dayIn(ZONE, now);
  return {
    title,
    state: late ? 'missing' : 'waiting',
    words: `Заявка отправлена ${formatDate(sentOn)} ${late ? 'Ответить должны были' : 'Ответят'} до ${formatDate(dueOn)}`,
    source: rule.source,
  };
}

/** «Почему счёт не подключается» by the address of the home. Numbers are not looked up here: the form of connecting counts its tries. */
export async function readAccountCase(
  db: Db,
  { address, number }: { address: string; number: string },
  now: Date,
): Promise<WhyCase | null> {
  const standing = await readHouseStanding(db, address, now);
  if (!standing) return null;
  const isHouseReady = standing.steps.every(({ state }) => state === 'done');
  const manager = standing.manager?.organisationId;
  return {
    key: address,
    title: standing.address,
    steps: untilMissing([
      ...standing.steps,
      {
        title: 'Размещён ваш лицевой счёт',
        state: 'missing',
        words:
          'Счета этого дома в кабинете есть. Если ваш номер не находится, организация не разместила именно его или в номере ошибка: сверьте с квитанцией. Если находится, но плательщиком записаны не вы, подтвердите его суммой квитанции, кодом или заявкой.',
      },
    ]),
    appeal:
      isHouseReady || manager
        ? appealAbout({ about: 'connect', address, provider: manager, number })
        : appealAbout({ about: 'house', address }),
    ...(isHouseReady && { next: { href: '/accounts/connect', label: 'Подключить по номеру' } }),
    contacts: isHouseReady || manager ? standing.manager : standing.inspectorate,
  };
}
