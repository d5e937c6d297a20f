import { escalateAppeal, requestInformation } from '../../src/modules/appeals/index.ts';
import { addDays, dayIn } from '../../src/platform/month.ts';
import { ZONE } from '../calendar.ts';
import { dayAfter } from './desk-life.ts';
import type { Life } from './lives.ts';
import type { Choose } from './neighbours.ts';
import { contextAt, daysAgo, type Past } from './past.ts';
import { addressee, asEmployee } from './people.ts';
import { answer, partOf, send, take } from './steps.ts';
import { type Story, tell } from './tell.ts';

/** Appeals to the inspectorate itself, a complaint of a term that passed, and what it asked of an organisation. */
export function inspectorateLives(past: Past, of: Choose): Life[] {
  const own = (author: Story['author'], rest: Omit<Story, 'author' | 'to' | 'clerk'>): Life =>
    tell(past, { author, to: 'inspektsiya', clerk: 'proveryalova', ...rest });
  return [
    own(of(2, 1), {
      letter: {
        topicCode: '8.6',
        text: 'Компания третий год не готовит дом к зиме: трубы в подвале без изоляции, слуховые окна открыты. Прошу проверить.',
      },
      sentAt: daysAgo(past, 84, 10, 30),
      takenAt: daysAgo(past, 83, 9, 30),
      answeredAt: daysAgo(past, 58, 15, 10),
      reply: {
        outcome: 'satisfied',
        text: 'Проведена внеплановая проверка. Нарушения подтвердились, организации выдано предписание со сроком до начала отопительного сезона; исполнение проверим.',
      },
      assessment: { at: daysAgo(past, 57, 11, 0), value: 'full' },
    }),
    own(of(4, 2), {
      letter: {
        topicCode: '8.4',
        text: 'Провели собрание о смене компании без уведомления. Протокол не показывают. Прошу проверить законность.',
      },
      sentAt: daysAgo(past, 120, 16, 0),
      takenAt: daysAgo(past, 118, 10, 0),
      answeredAt: daysAgo(past, 95, 12, 30),
      reply: {
        outcome: 'explained',
        text: 'Копия протокола в инспекцию не поступала, договор управления не изменён. Решение собрания, проведённого с нарушениями, можно обжаловать в суд в течение шести месяцев.',
      },
    }),
    own(of(5, 1), {
      letter: {
        topicCode: '8.7',
        text: 'Управляющая компания полгода не отвечает на заявления о протечке и не делает перерасчёт. Прошу принять меры.',
      },
      sentAt: daysAgo(past, 28, 9, 0),
      takenAt: daysAgo(past, 27, 11, 40),
    }),
    own(of(3, 4), {
      letter: {
        topicCode: '3.13',
        text: 'Дважды писал в компанию через приёмную, ответа нет. Прошу обязать ответить.',
      },
      sentAt: daysAgo(past, 1, 22, 10),
    }),
    () => asked(past, of),
    late(past, of),
  ];
}

/** The other managing organisation was asked for its papers and has sent them; the answer to the author is still to come. */
async function asked(past: Past, of: Choose): Promise<void> {
  const inspector = asEmployee('proveryalova');
  const manager = addressee('tikhiy-dvor');
  const part = await send(past, of(1, 17), daysAgo(past, 19, 13, 15), {
    topicCode: '8.7',
    text: 'Компания не обслуживает вентиляцию: тяги в кухне нет, акты проверки не показывают. Дом газифицирован, это опасно.',
    addressee: addressee('inspektsiya'),
  });
  await take(past, inspector, daysAgo(past, 18, 10, 0), part);
  const askedAt = daysAgo(past, 16, 12, 0);
  const { partId } = await requestInformation(contextAt(past, askedAt), inspector, {
    ...part,
    organisationId: manager.organisationId,
    text: 'Представьте акты проверки дымовых и вентиляционных каналов за год и договор с организацией, которая их обслуживает.',
    dueOn: addDays(dayIn(ZONE, askedAt), 8),
    key: part.partId,
  });
  await answer(
    past,
    asEmployee('tihodvorova'),
    daysAgo(past, 10, 16, 20),
    { ...part, partId },
    {
      outcome: 'explained',
      text: 'Акты проверки за четыре квартала и договор есть. Последняя проверка выявила завал канала в стояке квартиры заявителя, прочистка назначена на следующую неделю.',
    },
  );
}

/** The manager let the term pass, its author complained, the inspectorate looked into it and the manager answered after all. */
async function* late(past: Past, of: Choose): Life {
  const author = of(2, 7);
  const clerk = asEmployee('upravlyaev');
  const part = await send(past, author, daysAgo(past, 75, 11, 0), {
    topicCode: '2.6',
    text: 'Ступени крыльца раскрошились, поручня нет. Муж упал и сломал руку. Прошу отремонтировать крыльцо.',
    addressee: addressee('dubravushka'),
  });
  const { houseId, appealId } = part;
  await take(past, clerk, daysAgo(past, 74, 9, 30), part);
  yield dayAfter(part.dueOn!);
  const complaint = await escalateAppeal(contextAt(past, daysAgo(past, 57, 10, 0)), author.actor, {
    houseId,
    appealId,
    key: appealId,
  });
  const inspector = asEmployee('proveryalova');
  const own = await partOf(past, complaint, addressee('inspektsiya'));
  await take(past, inspector, daysAgo(past, 56, 10, 0), own);
  await answer(past, clerk, daysAgo(past, 45, 17, 0), part, {
    outcome: 'satisfied',
    text: 'Крыльцо отремонтировано, установлен поручень. Приносим извинения за задержку.',
  });
  await answer(past, inspector, daysAgo(past, 35, 14, 0), own, {
    outcome: 'satisfied',
    text: 'Нарушение срока ответа подтвердилось, организации объявлено предостережение. Крыльцо отремонтировано, что подтверждено осмотром.',
  });
}
