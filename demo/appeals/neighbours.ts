import { assessAnswer, reopenAppeal, waiveAnswer, writeNote } from '../../src/modules/appeals/index.ts';
import type { Life } from './lives.ts';
import { contextAt, daysAgo, minutesAgo, type Past } from './past.ts';
import { type Author, addressee, asAuthor, asEmployee } from './people.ts';
import { answer, join, type Letter, send, take } from './steps.ts';

/** Whose house and which of those who write there. */
export type Choose = (house: number, index: number) => Author;

/** What the desk of the managing organisation sees beside its usual queue. */
export const neighbourLives = (past: Past, of: Choose): Life[] => [
  () => joint(past, of),
  () => reopened(past, of),
  () => thanks(past, of),
  () => fresh(past, of),
];

const MOTHERS_NEIGHBOURS = 4;

/** Several neighbours about one thing, and the owner of two homes among them. */
async function joint(past: Past, of: Choose): Promise<void> {
  const letter: Letter = {
    topicCode: '2.14',
    text: 'В подъезде холодно: батарея на первом этаже отключена, окно на третьем не закрывается. На лестнице пар изо рта, тепло уходит из квартир. Прошу включить батарею и починить раму.',
    addressee: addressee('dubravushka'),
  };
  const part = await send(past, of(0, 1), daysAgo(past, 6, 8, 20), letter);
  const clerk = asEmployee('zayavkina');
  await take(past, clerk, daysAgo(past, 6, 10, 0), part);
  for (let index = 0; index < MOTHERS_NEIGHBOURS; index++)
    await join(past, of(0, 4 + index * 3), daysAgo(past, 5 - index, 18, 10 + index), letter, part);
  await join(past, asAuthor('domovitova', 0, '12'), daysAgo(past, 1, 19, 30), letter, part);
  const { houseId, appealId } = part;
  const text =
    'Пишут уже пятеро. Рама в смете на следующий месяц, батарею слесарь включит в пятницу: обещать только батарею.';
  await writeNote(contextAt(past, daysAgo(past, 2, 12, 15)), clerk, { houseId, appealId, text });
}

async function reopened(past: Past, of: Choose): Promise<void> {
  const author = of(2, 3);
  const clerk = asEmployee('zayavkina');
  const part = await send(past, author, daysAgo(past, 16, 18, 5), {
    topicCode: '2.9',
    text: 'Из подвала тянет канализацией, в подъезде нечем дышать. Прошу найти утечку и проветрить подвал.',
    addressee: addressee('dubravushka'),
  });
  const { houseId, appealId } = part;
  await take(past, clerk, daysAgo(past, 15, 9, 25), part);
  await answer(past, clerk, daysAgo(past, 9, 14, 20), part, {
    outcome: 'satisfied',
    text: 'Лежак канализации в подвале прочищен, подвал проветрен.',
  });
  const comment = 'Два дня было чисто, сегодня запах вернулся: под лестницей снова стоит вода.';
  await assessAnswer(contextAt(past, daysAgo(past, 7, 20, 10)), author.actor, {
    houseId,
    appealId,
    assessment: 'none',
    comment,
  });
  await reopenAppeal(contextAt(past, daysAgo(past, 7, 20, 15)), author.actor, {
    houseId,
    appealId,
    comment,
    key: appealId,
  });
  const text = 'Похоже на трещину в раструбе. Нужна телеинспекция, договориться с подрядчиком до конца недели.';
  await writeNote(contextAt(past, daysAgo(past, 6, 11, 5)), asEmployee('upravlyaev'), { houseId, appealId, text });
}

async function thanks(past: Past, of: Choose): Promise<void> {
  const part = await send(past, of(3, 2), daysAgo(past, 44, 13, 30), {
    topicCode: '4',
    ownTopic: 'Благодарность слесарю',
    text: 'Спасибо слесарю, который вечером в воскресенье приехал через полчаса и починил кран. Ответа не надо, просто передайте ему.',
    addressee: addressee('dubravushka'),
  });
  await waiveAnswer(contextAt(past, daysAgo(past, 43, 9, 40)), asEmployee('upravlyaev'), {
    ...part,
    cause: 'thanks',
    key: part.partId,
  });
}

/** Came this hour; nobody has looked at it. */
async function fresh(past: Past, of: Choose): Promise<void> {
  await send(past, of(4, 1), minutesAgo(past, 25), {
    topicCode: '2.5',
    text: 'Лифт остановился между пятым и шестым этажами, внутри соседка с коляской. Диспетчер не берёт трубку.',
    addressee: addressee('dubravushka'),
  });
}
