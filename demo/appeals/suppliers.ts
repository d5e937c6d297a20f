import { at } from '../calendar.ts';
import type { Life } from './lives.ts';
import type { Choose } from './neighbours.ts';
import { daysAgo, type Past, receivedFor, workingDay } from './past.ts';
import { type Story, tell } from './tell.ts';

/** Appeals to the supplier of water and heat. */
export function supplierLives(past: Past, of: Choose): Life[] {
  const story = (author: Story['author'], rest: Omit<Story, 'author' | 'to' | 'clerk'>): Life =>
    tell(past, { author, to: 'teplorodnik', clerk: 'teplovodova', ...rest });
  return [
    story(of(1, 3), {
      letter: {
        topicCode: '2.2',
        text: 'С утра нет ни холодной, ни горячей воды во всём доме. Объявления нет. Когда дадут воду?',
      },
      sentAt: daysAgo(past, 151, 7, 40),
      takenAt: daysAgo(past, 151, 8, 5),
      answeredAt: daysAgo(past, 150, 9, 30),
      reply: {
        outcome: 'satisfied',
        text: 'Повреждение на уличном водопроводе устранено, вода подана в 23:10. За перерыв сверх допустимого плата будет снижена.',
      },
    }),
    story(of(0, 7), {
      letter: {
        topicCode: '2.8',
        text: 'Холодная вода пятый день мутная, с рыжим осадком. Пить нельзя, бельё портится. Прошу взять пробу.',
      },
      sentAt: daysAgo(past, 110, 19, 0),
      takenAt: daysAgo(past, 109, 9, 15),
      answeredAt: daysAgo(past, 107, 15, 0),
      reply: {
        outcome: 'satisfied',
        text: 'Проба взята в вашей квартире: содержание железа выше нормы. Сеть промыта, повторная проба соответствует нормам. Протокол можно получить в абонентском отделе.',
      },
      assessment: { at: daysAgo(past, 106, 21, 0), value: 'full' },
    }),
    story(of(1, 9), {
      letter: {
        topicCode: '5.6',
        text: 'Поверила счётчик горячей воды, а в кабинете он по-прежнему просрочен. Свидетельство передала в офис. Прошу внести дату поверки.',
      },
      sentAt: daysAgo(past, 82, 12, 5),
      takenAt: daysAgo(past, 81, 10, 0),
      answeredAt: daysAgo(past, 75, 16, 45),
      reply: {
        outcome: 'satisfied',
        text: 'Сведения о поверке внесены, начисление по среднему снято с первого числа месяца поверки.',
      },
    }),
    story(of(0, 10), {
      letter: {
        topicCode: '5.4',
        text: 'За подогрев воды начислено вдвое больше прошлого месяца при тех же показаниях. Прошу показать расчёт.',
      },
      sentAt: daysAgo(past, 61, 9, 10),
      takenAt: daysAgo(past, 61, 9, 30),
      answeredAt: daysAgo(past, 61, 15, 20),
      reply: {
        outcome: 'explained',
        text: 'Показания за позапрошлый месяц поступили после срока, поэтому начисление за два месяца попало в одну квитанцию. Расчёт по месяцам прилагается в тексте: 3,1 и 3,4 куб. м.',
      },
      assessment: { at: daysAgo(past, 60, 10, 0), value: 'full' },
    }),
    story(of(1, 12), {
      letter: {
        topicCode: '2.3',
        text: 'Горячая вода ночью холодная: замеры в три часа ночи, 38 градусов. Прошу перерасчёт.',
      },
      sentAt: daysAgo(past, 37, 22, 15),
      takenAt: daysAgo(past, 35, 9, 40),
      isLate: true,
      answeredAt: daysAgo(past, 28, 14, 10),
      reply: {
        outcome: 'partial',
        text: 'Ночью температура действительно падала ниже нормы: отказал насос циркуляции на тепловом пункте. Насос заменён. Перерасчёт сделан за подтверждённые замерами дни.',
      },
      assessment: {
        at: daysAgo(past, 27, 19, 30),
        value: 'partial',
        comment: 'Перерасчёт сделали за три дня, а было больше недели.',
      },
    }),
    story(of(0, 14), {
      letter: {
        topicCode: '7.8',
        text: 'Прошу сообщить жёсткость воды и содержание железа на вводе в дом за последний квартал.',
      },
      sentAt: daysAgo(past, 21, 11, 30),
      takenAt: daysAgo(past, 20, 9, 50),
      answeredAt: daysAgo(past, 19, 12, 0),
      reply: {
        outcome: 'explained',
        text: 'Жёсткость 4,2 °Ж, железо 0,12 мг/л: обе величины в пределах норм. Протоколы испытаний публикуем ежеквартально на нашем сайте.',
      },
    }),
    story(of(2, 9), {
      letter: {
        topicCode: '2.8',
        text: 'Из крана холодной воды пахнет хлоркой так, что щиплет глаза. Прошу проверить.',
      },
      sentAt: daysAgo(past, 1, 18, 25),
      takenAt: daysAgo(past, 1, 19, 10),
      note: {
        at: daysAgo(past, 1, 19, 20),
        text: 'На станции плановое обеззараживание до среды. Уточнить у технологов концентрацию и только потом отвечать.',
      },
    }),
    story(of(0, 17), {
      letter: {
        topicCode: '5.6',
        text: 'Не могу передать показания: кабинет пишет, что прибора нет. Номер счётчика 0417722, холодная вода, показание 00291. Прошу внести прибор.',
      },
      sentAt: daysAgo(past, 4, 20, 40),
    }),
  ];
}

/** Appeals to the other managing organisation and to the fund of capital repair: their staff have a queue too. */
export function otherLives(past: Past, of: Choose): Life[] {
  const quiet = (author: Story['author'], rest: Omit<Story, 'author' | 'to' | 'clerk'>): Life =>
    tell(past, { author, to: 'tikhiy-dvor', clerk: 'tihodvorova', ...rest });
  const fund = (author: Story['author'], rest: Omit<Story, 'author' | 'to' | 'clerk'>): Life =>
    tell(past, { author, to: 'krepkie-steny', clerk: 'kapremontov', ...rest });
  return [
    quiet(of(1, 0), {
      letter: {
        topicCode: '2.5',
        text: 'Грузовой лифт стоит третий день, табличка «ремонт» без даты. Когда запустят?',
      },
      sentAt: daysAgo(past, 96, 9, 0),
      takenAt: daysAgo(past, 96, 9, 30),
      answeredAt: daysAgo(past, 94, 13, 0),
      reply: { outcome: 'satisfied', text: 'Лифт запущен: заменён частотный преобразователь.' },
      assessment: { at: daysAgo(past, 93, 12, 0), value: 'full' },
    }),
    quiet(of(1, 6), {
      letter: {
        topicCode: '1.12',
        text: 'Разметка во дворе стёрлась, машины стоят на газоне. Прошу обновить разметку.',
      },
      sentAt: daysAgo(past, 58, 15, 0),
      takenAt: daysAgo(past, 57, 10, 0),
      answeredAt: daysAgo(past, 50, 11, 0),
      reply: {
        outcome: 'partial',
        text: 'На газоне установлены ограничители. Разметку обновим весной: зимой краска не держится.',
      },
    }),
    quiet(of(1, 15), {
      letter: { topicCode: '2.22', text: 'В подвале у кладовых перегорел свет, пройти к своей двери нельзя.' },
      sentAt: at(receivedFor(past, workingDay(past, 1), 10), 10, 30),
      takenAt: at(receivedFor(past, workingDay(past, 1), 10), 12, 0),
    }),
    fund(of(2, 5), {
      letter: {
        topicCode: '2.11',
        text: 'Когда по программе будут ремонтировать крышу нашего дома? В квитанции взнос растёт каждый год.',
      },
      sentAt: daysAgo(past, 66, 10, 0),
      takenAt: daysAgo(past, 65, 11, 0),
      answeredAt: daysAgo(past, 48, 12, 0),
      reply: {
        outcome: 'explained',
        text: 'Ремонт крыши вашего дома стоит в краткосрочном плане следующих трёх лет. Собственники могут перенести его на более ранний срок решением общего собрания.',
      },
    }),
    fund(of(0, 20), {
      letter: {
        topicCode: '7.1',
        text: 'Прошу сообщить, сколько взносов собрано по нашему дому и на каком счёте они лежат.',
      },
      sentAt: daysAgo(past, 13, 14, 0),
      takenAt: daysAgo(past, 12, 10, 30),
    }),
  ];
}
