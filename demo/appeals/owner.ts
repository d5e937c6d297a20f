import {
  type AppealKey,
  assessAnswer,
  escalateAppeal,
  extendTerm,
  markOwnAppealRead,
  redirectAppeal,
  requestInformation,
  withdrawAppeal,
  writeNote,
} from '../../src/modules/appeals/index.ts';
import { addDays } from '../../src/platform/month.ts';
import { nextWorkingDay } from '../../src/platform/rules/rules.ts';
import { at } from '../calendar.ts';
import type { Files } from './files.ts';
import type { Life } from './lives.ts';
import { contextAt, daysAgo, minutesAgo, type Past, receivedFor, workingDay, workingDaysAgo } from './past.ts';
import { addressee, asAuthor, asEmployee } from './people.ts';
import { answer, partOf, send, take, write } from './steps.ts';
import { tell } from './tell.ts';

/** Her flat, and that of her mother, which another company manages. */
const HOME = asAuthor('domovitova', 0, '12');
const MOTHERS = asAuthor('domovitova', 1, '8');
const ORDINARY_TERM = 10;

/** Appeals of the owner of two homes: one in each state that an author can see. */
export const ownerLives = (past: Past, files: Files): Life[] => [
  answered(past, files),
  assessed(past),
  overdue(past, files),
  () => escalated(past),
  () => redirected(past),
  () => extended(past, files),
  planned(past, files),
  () => emergency(past),
  () => withdrawn(past),
  () => drafted(past, files),
];

/** She has opened the appeal since: nothing of it is new to her. */
const read = (past: Past, { appealId }: AppealKey): Promise<void> =>
  markOwnAppealRead(past.context.db, HOME.actor.personId, appealId);

const answered = (past: Past, files: Files): Life =>
  tell(past, {
    author: HOME,
    to: 'dubravushka',
    clerk: 'zayavkina',
    sentAt: daysAgo(past, 8, 19, 12),
    takenAt: daysAgo(past, 7, 10, 5),
    letter: {
      topicCode: '2.22',
      text: 'На лестнице между вторым и третьим этажами не горит лампа уже вторую неделю. Вечером поднимаюсь с фонариком в телефоне. Прошу починить свет и проверить остальные этажи.',
      file: files.photo('dark', 'Лестница вечером.jpg', 'Второй этаж, снято около 20 часов'),
    },
    answeredAt: daysAgo(past, 1, 15, 40),
    reply: {
      outcome: 'satisfied',
      text: 'Здравствуйте, Алёна Петровна!\n\nНа лестнице между вторым и третьим этажами заменены два светильника: новые включаются от движения. Электрик проверил освещение до чердака, остальные лампы исправны. Акт приложен.\n\nЕсли свет снова погаснет, позвоните диспетчеру: приедем в тот же день.',
      file: files.act,
    },
  });

const assessed = (past: Past): Life =>
  tell(past, {
    author: HOME,
    to: 'dubravushka',
    clerk: 'upravlyaev',
    sentAt: daysAgo(past, 52, 9, 30),
    takenAt: daysAgo(past, 52, 11, 0),
    letter: {
      topicCode: '2.12',
      text: 'Почтовый ящик квартиры 12 взломан: дверца не закрывается, письма лежат на полу. Прошу отремонтировать или заменить ящик.',
    },
    answeredAt: daysAgo(past, 47, 12, 15),
    reply: {
      outcome: 'satisfied',
      text: 'Дверца и замок почтового ящика заменены. Ключи у консьержа, возьмите их с паспортом.',
    },
    assessment: { at: daysAgo(past, 46, 20, 5), value: 'full' },
  });

const overdue = (past: Past, files: Files): Life =>
  tell(past, {
    author: HOME,
    to: 'dubravushka',
    clerk: 'zayavkina',
    sentAt: at(receivedFor(past, workingDaysAgo(past, 2), ORDINARY_TERM), 13, 20),
    takenAt: at(receivedFor(past, workingDaysAgo(past, 2), ORDINARY_TERM), 16, 10),
    isLate: true,
    letter: {
      topicCode: '2.6',
      text: 'У входа в подъезд отвалился кусок штукатурки, видно кирпич, под ногами крошка. Боюсь, что следующий кусок упадёт на кого-нибудь из детей. Прошу убрать опасные места и отремонтировать стену.',
      file: files.photo('plaster', 'Стена у входа.jpg'),
    },
    note: {
      at: at(receivedFor(past, workingDaysAgo(past, 2), ORDINARY_TERM), 17, 0),
      text: 'Штукатур на больничном, второй занят на Останкинской. Попросить у подрядчика.',
    },
  });

/** The manager refused; the inspectorate has the whole file now and asks the manager for its acts. */
async function escalated(past: Past): Promise<void> {
  const manager = addressee('dubravushka');
  const clerk = asEmployee('zayavkina');
  const part = await send(past, HOME, daysAgo(past, 20, 9, 5), {
    topicCode: '3.5',
    text: 'Каждый месяц плачу за дезинсекцию и мытьё окон в подъезде, а за год не видела ни того ни другого. Прошу показать акты, а если работ не было, вернуть деньги за двенадцать месяцев.',
    addressee: manager,
  });
  const { houseId, appealId } = part;
  await take(past, clerk, daysAgo(past, 20, 9, 40), part);
  await answer(past, clerk, daysAgo(past, 20, 16, 30), part, {
    outcome: 'refused',
    text: 'Работы входят в перечень услуг по содержанию дома и выполнялись по графику. Оснований для перерасчёта нет.',
  });
  await read(past, part);
  await assessAnswer(contextAt(past, daysAgo(past, 18, 18, 20)), HOME.actor, {
    houseId,
    appealId,
    assessment: 'none',
    comment: 'Актов так и не показали. Соседи тоже не видели, чтобы мыли окна.',
  });
  const complaint = await escalateAppeal(contextAt(past, daysAgo(past, 17, 19)), HOME.actor, {
    houseId,
    appealId,
    key: appealId,
  });
  const inspector = asEmployee('proveryalova');
  const own = await partOf(past, complaint, addressee('inspektsiya'));
  await take(past, inspector, daysAgo(past, 16, 10, 15), own);
  await requestInformation(contextAt(past, daysAgo(past, 6, 14, 5)), inspector, {
    houseId: own.houseId,
    appealId: own.appealId,
    partId: own.partId,
    organisationId: manager.organisationId,
    text: 'Представьте акты выполненных работ по дезинсекции и мытью окон в доме за двенадцать месяцев, договоры с подрядчиками и расчёт платы за эти работы.',
    dueOn: workingDay(past, 2),
    key: own.partId,
  });
}

async function redirected(past: Past): Promise<void> {
  const part = await send(past, HOME, daysAgo(past, 2, 8, 45), {
    topicCode: '2.3',
    text: 'Третье утро горячая вода чуть тёплая, термометр показывает 43 градуса. Сливаю её по десять минут, а по счётчику плачу как за горячую. Прошу найти причину и пересчитать плату.',
    addressee: addressee('dubravushka'),
  });
  const supplier = addressee('teplorodnik');
  await redirectAppeal(contextAt(past, daysAgo(past, 1, 10, 20)), asEmployee('zayavkina'), {
    ...part,
    to: [supplier],
    comment:
      'Температура на вводе в дом ниже нормы: горячую воду поставляет АО «Теплородник» по прямым договорам. На наших сетях в доме замечаний нет, акт осмотра передан поставщику.',
    files: [],
    key: part.partId,
  });
  await take(past, asEmployee('teplovodova'), daysAgo(past, 1, 14, 30), await partOf(past, part, supplier));
  await read(past, part);
}

async function extended(past: Past, files: Files): Promise<void> {
  const due = workingDaysAgo(past, 1);
  const sentOn = receivedFor(past, due, ORDINARY_TERM);
  const part = await send(past, HOME, at(sentOn, 12, 10), {
    topicCode: '2.7',
    text: 'Потолок в большой комнате пошёл жёлтыми пятнами после дождей: техник сказал, что вода идёт с крыши по стыку плит. Прошу отремонтировать кровлю и составить акт о повреждениях.',
    file: files.photo('leak', 'Потолок в комнате.jpg', 'Пятно растёт после каждого дождя'),
    addressee: addressee('dubravushka'),
  });
  const clerk = asEmployee('upravlyaev');
  const until = nextWorkingDay(past.calendar, addDays(part.dueOn!, 21));
  await take(past, clerk, at(sentOn, 15, 30), part);
  await extendTerm(contextAt(past, at(workingDaysAgo(past, 3), 11, 40)), clerk, {
    ...part,
    until,
    reason:
      'Кровля осмотрена, протекает стык плит. Для ремонта заказана автовышка: подрядчик приедет в течение двух недель, до этого стык закрыт временной заплатой.',
    files: [],
  });
  await take(past, clerk, at(workingDaysAgo(past, 3), 11, 50), part, clerk.personId, workingDay(past, 8));
  await read(past, part);
}

const planned = (past: Past, files: Files): Life =>
  tell(past, {
    author: MOTHERS,
    to: 'tikhiy-dvor',
    clerk: 'tihodvorova',
    sentAt: at(receivedFor(past, workingDay(past, 4), ORDINARY_TERM), 11, 25),
    takenAt: at(receivedFor(past, workingDay(past, 4), ORDINARY_TERM), 14, 0),
    plannedOn: workingDay(past, 3),
    letter: {
      topicCode: '1.4',
      text: 'Перед подъездом моей мамы яма с водой, она ходит с палочкой и обойти её не может. Прошу заделать до заморозков.',
      file: files.photo('hole', 'Яма у подъезда.jpg'),
    },
  });

/** Answered for the night; the work goes on. */
async function emergency(past: Past): Promise<void> {
  const part = await send(past, HOME, daysAgo(past, 1, 21, 40), {
    topicCode: '2.16',
    text: 'В подвале под первым подъездом лопнула труба, слышно, как хлещет вода, из-под двери идёт пар. Диспетчеру позвонила, пишу, чтобы осталось в кабинете.',
    addressee: addressee('dubravushka'),
  });
  const clerk = asEmployee('upravlyaev');
  await take(past, clerk, daysAgo(past, 1, 21, 52), part);
  const { houseId, appealId } = part;
  const text = 'Труба восьмидесятых годов, хомут не держит. Сварщик в половине девятого, ключ от подвала у консьержа.';
  await writeNote(contextAt(past, daysAgo(past, 1, 22, 20)), clerk, { houseId, appealId, text });
  await answer(past, clerk, minutesAgo(past, 50), part, {
    outcome: 'partial',
    interim: true,
    text: 'Аварийная бригада перекрыла стояк в 22:05, вода откачана. Участок трубы заменим в течение суток; горячая вода по первому стояку будет после испытания. О завершении сообщим.',
  });
}

async function withdrawn(past: Past): Promise<void> {
  const { houseId, appealId } = await send(past, HOME, daysAgo(past, 70, 10, 0), {
    topicCode: '1.9',
    text: 'У подъезда убрали урну, мусор бросают на газон. Прошу вернуть урну.',
    addressee: addressee('dubravushka'),
  });
  await withdrawAppeal(contextAt(past, daysAgo(past, 69, 9, 15)), HOME.actor, {
    houseId,
    appealId,
    comment: 'Урну вернули сегодня утром, спасибо.',
  });
}

async function drafted(past: Past, files: Files): Promise<void> {
  await write(past, HOME, minutesAgo(past, 190), {
    topicCode: '2.20',
    text: 'Когда меняли стояк, рабочие разбили плитку в ванной и пообещали',
    file: files.photo('plaster', 'Плитка в ванной.jpg'),
    addressee: addressee('dubravushka'),
  });
}
