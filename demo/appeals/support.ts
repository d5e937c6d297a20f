import {
  addToRequest,
  answerRequest,
  askSupport,
  assignRequest,
  closeRequest,
  noteOnRequest,
} from '../../src/modules/appeals/index.ts';
import type { Actor, SignedIn } from '../../src/platform/access.ts';
import { contextAt, daysAgo, minutesAgo, type Past } from './past.ts';
import { asAdministrator, asAuthor, asEmployee } from './people.ts';

interface Question {
  actor: Actor;
  /** Of who has not signed in. */
  name?: string;
  email: string;
  /** НСИ 230: 2 questions, 5 proposals, 11 errors, 12 payment. */
  kindCode: string;
  subject: string;
  text: string;
  page?: string;
  askedAt: Date;
  isTaken?: true;
  note?: string;
  answer?: { at: Date; text: string };
  more?: { at: Date; text: string };
  isClosed?: true;
}

const STRANGER: Actor = { kind: 'anonymous' };

/** Questions to those who run the installation, in every state. */
export async function askQuestions(past: Past): Promise<void> {
  for (const question of questions(past)) await askOne(past, question);
}

function questions(past: Past): Question[] {
  const owner = asAuthor('domovitova', 0, '12');
  const newcomer = asAuthor('pervovhodov', 0, '20');
  const tenant = asAuthor('kvartirosyomova', 0, '7');
  const head = asEmployee('upravlyaev');
  return [
    {
      actor: owner.actor,
      email: owner.email,
      kindCode: '12',
      subject: 'Платёж прошёл, а долг остался',
      text: 'Заплатила вечером за квартиру мамы, деньги списались, а в кабинете та же сумма к оплате.',
      page: '/history',
      askedAt: daysAgo(past, 33, 20, 45),
      answer: {
        at: daysAgo(past, 32, 11, 10),
        text: 'Платёж получен и зачтён сегодня утром: банк передаёт вечерние платежи на следующий день. Сумма к оплате в кабинете уже обновилась.',
      },
      isClosed: true,
    },
    {
      actor: newcomer.actor,
      email: newcomer.email,
      kindCode: '2',
      subject: 'Где взять номер для подключения',
      text: 'На квитанции несколько номеров. Какой из них вводить, чтобы подключить лицевой счёт?',
      page: '/accounts/connect',
      askedAt: daysAgo(past, 3, 19, 0),
      answer: {
        at: daysAgo(past, 2, 10, 30),
        text: 'Подойдёт любой: единый лицевой счёт (ЕЛС) подключит сразу все счета квартиры, идентификатор ЖКУ подключит один. Оба напечатаны в правом верхнем углу квитанции.',
      },
    },
    {
      actor: tenant.actor,
      email: tenant.email,
      kindCode: '2',
      subject: 'Не нашёлся дом',
      text: 'Дом моих родителей на улице Академика Королёва, 12, поиск не находит. Куда писать, чтобы его добавили?',
      page: '/find',
      askedAt: daysAgo(past, 11, 9, 15),
      answer: {
        at: daysAgo(past, 10, 9, 0),
        text: 'Дом размещает организация, которая им управляет. Напишите в жилищную инспекцию: на странице поиска есть кнопка «Дома нет в системе», текст обращения уже готов.',
      },
      more: { at: daysAgo(past, 1, 17, 40), text: 'Написала, ответа пока нет. Сколько ждать?' },
    },
    {
      actor: head,
      email: 'upravlyaev@dubravushka.test',
      kindCode: '11',
      subject: 'Файл с квитанциями не загружается',
      text: 'При загрузке файла за прошлый месяц показывает ошибку в строке 214, хотя в таблице там всё как обычно. Что проверить?',
      page: '/work/uploads',
      askedAt: daysAgo(past, 2, 16, 20),
      isTaken: true,
      note: 'В строке 214 неразрывный пробел в сумме: проверить, читаем ли мы такие. Если нет, это наша ошибка.',
    },
    {
      actor: STRANGER,
      name: 'Виктор',
      email: 'viktor-sad@primer.test',
      kindCode: '5',
      subject: 'Тёмное оформление по расписанию',
      text: 'Хорошо бы, чтобы вечером кабинет сам становился тёмным, а утром светлым.',
      page: '/settings',
      askedAt: daysAgo(past, 47, 23, 5),
      answer: {
        at: daysAgo(past, 45, 15, 0),
        text: 'Кабинет следует за настройкой устройства: включите в телефоне расписание тёмной темы, и оформление будет меняться само.',
      },
      isClosed: true,
    },
    {
      actor: STRANGER,
      name: 'Раиса Тимофеевна',
      email: 'raisa-t@primer.test',
      kindCode: '2',
      subject: 'Не приходит письмо с ответом',
      text: 'Писала в управляющую компанию, ответ обещали на почту, а письма нет уже неделю. Куда оно делось?',
      askedAt: minutesAgo(past, 140),
    },
    {
      actor: tenant.actor,
      email: tenant.email,
      kindCode: '11',
      subject: 'Не открывается фотография в ответе',
      text: 'На телефоне фото из ответа управляющей компании открывается боком. На компьютере всё ровно.',
      page: '/appeals',
      askedAt: daysAgo(past, 6, 13, 10),
      isTaken: true,
    },
  ];
}

async function askOne(past: Past, question: Question): Promise<void> {
  const { actor, name = '', email, kindCode, subject, text, page = '', askedAt } = question;
  const support: SignedIn = asAdministrator('platformennyy');
  const { requestId } = await askSupport(contextAt(past, askedAt), actor, {
    kindCode,
    subject,
    text,
    name,
    email,
    page,
    key: subject,
  });
  const later = contextAt(past, new Date(askedAt.getTime() + 20 * 60_000));
  if (question.isTaken) await assignRequest(later, support, { requestId, performerId: support.personId });
  if (question.note) await noteOnRequest(later, support, { requestId, text: question.note, key: subject });
  if (!question.answer) return;
  const answered = contextAt(past, question.answer.at);
  await answerRequest(answered, support, { requestId, text: question.answer.text, key: subject });
  const { more } = question;
  if (more) await addToRequest(contextAt(past, more.at), { actor, requestId }, { text: more.text, key: subject });
  if (question.isClosed) await closeRequest(answered, support, { requestId });
}
