import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import { getRule } from '../../../platform/rules/rules.ts';
import { formatDate } from '../../../ui/index.ts';
import { describeLinks } from '../../connections/index.ts';
import { readOrganisations } from '../../organisations/index.ts';
import { appealAbout, untilMissing, type WhyCase } from './why.ts';
import { readHouseStanding } from './why-house.ts';

/** Claims are answered by the organisations' calendar. */
const ZONE = 'Europe/Moscow';

type Link = Awaited<ReturnType<typeof describeLinks>>[number];

/** Claims of the person that wait or were refused. */
export async function readClaimCases(db: Db, personId: PersonId, now: Date): Promise<WhyCase[]> {
  const links = (await describeLinks(db, personId, now)).filter(
    ({ state }) => state === 'pending' || state === 'refused',
  );
  const providers = await readOrganisations(db, [...new Set(links.map((link) => link.providerId))]);
  return Promise.all(
    links.map(async (link) => ({
      key: link.linkId,
      title: `Заявка: ${link.provider || 'организация'}, ${link.address}`,
      steps: [
        { title: 'Лицевой счёт размещён', state: 'done' as const, words: link.provider },
        await answerStep(db, link, now),
      ],
      appeal: link.appeal,
      contacts: providers.find(({ organisationId }) => organisationId === link.providerId) ?? null,
    })),
  );
}

async function answerStep(db: Db, { claim, ...link }: Link, now: Date): Promise<WhyCase['steps'][number]> {
  const title = 'Организация ответила на заявку';
  if (!claim)
    return {
      title,
      state: 'missing',
      words: `Отказано ${formatDate(link.changedAt, ZONE)}: ${link.refusal?.replace(/\.$/, '') ?? 'причина не названа'}. Если отказ неверен, напишите организации: она обязана ответить.`,
    };
  const { sentOn, dueOn } = claim;
  const place = { organisationId: link.providerId, houseId: link.houseId };
  const { source } = await getRule(db, 'claims.answer_days', sentOn, place);
  const late = dueOn < dayIn(ZONE, now);
  return {
    title,
    state: late ? 'missing' : 'waiting',
    words: `Заявка отправлена ${formatDate(sentOn)} ${late ? 'Ответить должны были' : 'Ответят'} до ${formatDate(dueOn)}`,
    source,
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
