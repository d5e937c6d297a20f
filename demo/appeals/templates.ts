import { saveTemplate } from '../../src/modules/appeals/index.ts';
import { contextAt, daysAgo, type Past } from './past.ts';
import { asEmployee } from './people.ts';

interface Template {
  title: string;
  /** НСИ 220: a topic, a group, or none. */
  topicCode: string;
  outcome: string;
  text: string;
}

const GREETING = 'Здравствуйте, {имя отчество}!';
const SIGNED =
  'Если вопрос останется, напишите нам или оцените ответ в личном кабинете.\n\n{организация}, {исполнитель}';

const OF_MANAGER: readonly Template[] = [
  {
    title: 'Работы выполнены',
    topicCode: '',
    outcome: 'satisfied',
    text: `${GREETING}\n\nПо вашему обращению № {номер} от {дата обращения} («{тема}») по адресу {адрес} работы выполнены {дата}.\n\n${SIGNED}`,
  },
  {
    title: 'Отопление: замер температуры',
    topicCode: '2.1',
    outcome: 'satisfied',
    text: `${GREETING}\n\nМастер замерил температуру в квартире {квартира} и отрегулировал стояк. Норма: не ниже 18 градусов, в угловых комнатах не ниже 20. За время, когда было холоднее, плата будет снижена в ближайшей квитанции.\n\n${SIGNED}`,
  },
  {
    title: 'Расчёт по квитанции',
    topicCode: '3',
    outcome: 'explained',
    text: `${GREETING}\n\nМы проверили начисления по обращению № {номер} (наш входящий {входящий номер}). Расчёт: площадь квартиры, умноженная на размер платы, который утвердило общее собрание.\n\n${SIGNED}`,
  },
  {
    title: 'Лифт: вызвана обслуживающая организация',
    topicCode: '2.5',
    outcome: 'satisfied',
    text: `${GREETING}\n\nЛифт по адресу {адрес} осмотрен специализированной организацией, неисправность устранена {дата}. Связь с диспетчером проверена.\n\n${SIGNED}`,
  },
  {
    title: 'Нужно решение собрания',
    topicCode: '2.6',
    outcome: 'refused',
    text: `${GREETING}\n\nРаботы, о которых вы пишете, не входят в перечень содержания дома. Провести их можно по решению общего собрания собственников: поможем составить смету и бюллетени.\n\n${SIGNED}`,
  },
  {
    title: 'Уборка двора и подъездов',
    topicCode: '1',
    outcome: 'satisfied',
    text: `${GREETING}\n\nТерритория по адресу {адрес} убрана {дата}, мастер участка принял работу. График уборки вывешен в подъезде.\n\n${SIGNED}`,
  },
];

const OF_SUPPLIER: readonly Template[] = [
  {
    title: 'Температура горячей воды',
    topicCode: '2.3',
    outcome: 'satisfied',
    text: `${GREETING}\n\nТемпература горячей воды на вводе в дом по адресу {адрес} измерена {дата}. За время, когда она была ниже 60 градусов, плата снижена.\n\n${SIGNED}`,
  },
  {
    title: 'Прибор учёта внесён',
    topicCode: '5.6',
    outcome: 'satisfied',
    text: `${GREETING}\n\nПрибор учёта внесён в систему, показания по квартире {квартира} можно передавать в личном кабинете.\n\n${SIGNED}`,
  },
];

/** Texts that clerks answer with. */
export async function saveTemplates(past: Past): Promise<void> {
  for (const [login, templates] of [
    ['zayavkina', OF_MANAGER],
    ['teplovodova', OF_SUPPLIER],
  ] as const)
    for (const template of templates)
      await saveTemplate(contextAt(past, daysAgo(past, 200)), asEmployee(login), null, template);
}
