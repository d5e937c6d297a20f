import { countWaiting, selectTrial } from '../../platform/attachments/queries.ts';
import type { Context } from '../../platform/context.ts';
import { selectStoreHealth } from '../../platform/files/queries.ts';
import { isWorkerGone, selectQueueDepth } from '../../platform/jobs/queries.ts';
import { countUnsentMail } from '../../platform/mail/queries.ts';
import { dayIn } from '../../platform/month.ts';
import { calendarUntil, missingYear } from '../../platform/rules/calendar-until.ts';
import { selectLastCalendarDay, selectRulesOn } from '../../platform/rules/queries.ts';
import { listLoadedRegions } from '../addresses/index.ts';
import { listRegionsWithPower, readFirstSteps, searchOrganisations } from '../organisations/index.ts';
import { hasShops } from '../payments/index.ts';
import { countOpenApplications } from '../staff/index.ts';

/** One thing that the installation needs, as it stands now. */
export interface Point {
  title: string;
  /** `missing`: people cannot do something without it; `trouble`: it is there and does not work as it should. */
  state: 'good' | 'missing' | 'trouble';
  words: string;
  /** What to do: a command of the machine, or a page. */
  command?: string;
  page?: { href: string; label: string };
}

/** НСИ 20: the body of the state's supervision of housing. */
const INSPECTORATE = '4';

type Reader = Pick<Context, 'db' | 'clock' | 'config'>;

/** All points: what is to be done first, and in the order in which an empty installation is filled. */
export async function readInstallation(context: Reader): Promise<readonly Point[]> {
  const points = await Promise.all([
    addresses(context),
    laws(context),
    organisations(context),
    inspectorate(context),
    homes(context),
    payments(context),
    mail(context),
    scanner(context),
    files(context),
    jobs(context),
  ]);
  return points.flat().sort((a, b) => Number(a.state === 'good') - Number(b.state === 'good'));
}

async function addresses({ db }: Reader): Promise<Point> {
  const title = 'Адреса';
  const loaded = await listLoadedRegions(db);
  const command = 'npm run admin -- gar <архив ГАР> --region 77';
  if (loaded.length === 0)
    return { title, state: 'missing', words: 'Не загружены: дома не найти, обращение не написать.', command };
  const words = loaded.map(({ region, version }) => `${twoDigits(region)} (${version})`).join(', ');
  return { title, state: 'good', words: `Загружены регионы: ${words}. Изменения выходят дважды в неделю.`, command };
}

async function laws({ db, clock }: Reader): Promise<Point[]> {
  const today = dayIn('Europe/Moscow', clock());
  const [rules, lastDay] = await Promise.all([selectRulesOn(db, today, ''), selectLastCalendarDay(db)]);
  const command = 'npm run admin -- rules';
  const unchecked = rules.filter(({ mark }) => mark === 'unchecked').length;
  const points: Point[] = [
    rules.length === 0
      ? { title: 'Правила', state: 'missing', words: 'Не загружены.', command: 'npm run admin -- migrate' }
      : {
          title: 'Правила',
          state: 'good',
          words: `Действует чисел из законов: ${rules.length}; не сверено с текстом: ${unchecked}.`,
          command,
        },
  ];
  if (!rules.some(({ key }) => key === 'key_rate'))
    points.push({
      title: 'Ключевая ставка',
      state: 'missing',
      words: 'Не введена (правило key_rate): пени не пересчитываются и не объясняются.',
      command: 'npm run admin -- rule key_rate --value <ставка> --from <день> --source "решение Банка России от …"',
    });
  const year = missingYear(calendarUntil(lastDay), today);
  if (year !== null)
    points.push({
      title: `Производственный календарь ${year} года`,
      state: 'missing',
      words: 'Не загружен: сроки в рабочих днях считаются без переносов. Дополните data/calendar.json.',
      command: 'npm run admin -- nsi',
    });
  return points;
}

async function organisations({ db }: Reader): Promise<Point> {
  const [first, waiting] = await Promise.all([
    searchOrganisations(db, { search: '', after: null, limit: 1 }),
    countOpenApplications(db),
  ]);
  const title = 'Организации';
  const list = { href: '/administration/organisations', label: 'Организации' };
  if (waiting > 0)
    return {
      title,
      state: 'missing',
      words: `Ждут решения заявок: ${waiting}.`,
      page: { href: `${list.href}/applications`, label: 'Заявки организаций' },
    };
  if (first.length === 0)
    return {
      title,
      state: 'missing',
      words:
        'Ни одной нет. Руководитель входит с ролью своей организации и подаёт заявку сам, или вы заводите карточку и приглашаете его.',
      page: list,
    };
  return { title, state: 'good', words: 'Есть. Заявок, которые ждут решения, нет.', page: list };
}

const LISTED = 10;
const twoDigits = (region: number): string => String(region).padStart(2, '0');

async function inspectorate({ db }: Reader): Promise<Point> {
  const title = 'Жилищная инспекция';
  const [loaded, served] = await Promise.all([listLoadedRegions(db), listRegionsWithPower(db, INSPECTORATE)]);
  const without = loaded.map(({ region }) => twoDigits(region)).filter((region) => !served.includes(region));
  if (loaded.length > 0 && without.length === 0)
    return { title, state: 'good', words: 'Есть во всех загруженных регионах.' };
  const where = without.length > 0 ? ` в регионах: ${without.slice(0, LISTED).join(', ')}` : '';
  return {
    title,
    state: 'missing',
    words: `Нет${where}${without.length > LISTED ? '…' : ''}. Жалобу на организацию и сообщение, что дома нет в системе, принять некому. Её руководитель подаёт заявку так же, как другие, или вы заводите карточку с этим полномочием.`,
    page: { href: '/administration/organisations', label: 'Организации' },
  };
}

async function homes({ db }: Reader): Promise<Point> {
  const { houses, accounts } = await readFirstSteps(db);
  const title = 'Дома и лицевые счета';
  if (houses && accounts)
    return { title, state: 'good', words: 'Загружены. Квитанции каждого месяца загружают сами организации.' };
  const words = houses
    ? 'Дома есть, лицевых счетов нет: жителям нечего подключить. Их загружает организация, которая выставляет квитанции: «Загрузка файлов», «Лицевые счета».'
    : 'Домов ещё нет. Их загружает управляющая организация: «Загрузка файлов», «Дома и помещения»; за ними лицевые счета и квитанции.';
  return { title, state: 'missing', words };
}

async function payments({ db }: Reader): Promise<Point> {
  const title = 'Приём платежей';
  const page = { href: '/administration/split-shop', label: 'Общий магазин' };
  return (await hasShops(db))
    ? { title, state: 'good', words: 'Есть действующий магазин у эквайера.', page }
    : {
        title,
        state: 'missing',
        words:
          'Ни одного магазина нет: квитанции видны, но оплатить их нельзя. Введите общий магазин, или пусть организации введут свои.',
        page,
      };
}

async function mail({ db }: Reader): Promise<Point> {
  const { waiting, retrying, refused } = await countUnsentMail(db);
  const page = { href: '/administration/mail', label: 'Письма и уведомления' };
  const words = `Ждут отправки: ${waiting}, повторяются: ${retrying}, отклонены: ${refused}.`;
  return { title: 'Письма', state: retrying + refused > 0 ? 'trouble' : 'good', words, page };
}

async function scanner({ db, config }: Reader): Promise<Point> {
  const title = 'Проверка вложений';
  const command = 'npm run admin -- check';
  if (!config.CLAMD_URL)
    return {
      title,
      state: 'missing',
      words: 'Антивирус не подключён (CLAMD_URL): страницы говорят, что файлы не проверяются.',
      command,
    };
  const [trial, files] = await Promise.all([selectTrial(db, config.CLAMD_URL), countWaiting(db)]);
  const words = `Ждут проверки файлов: ${files.waiting + files.stuck}.`;
  if (!trial) return { title, state: 'trouble', words: `Антивирус ещё не испытан. ${words}`, command };
  return trial.problem
    ? { title, state: 'trouble', words: `Антивирусу нельзя верить: ${trial.problem}. ${words}`, command }
    : { title, state: 'good', words, command };
}

async function files({ db }: Reader): Promise<Point> {
  const { missing, changed, unreadable } = (await selectStoreHealth(db)).damaged;
  const page = { href: '/administration/files', label: 'Хранилище файлов' };
  const title = 'Хранилище файлов';
  return missing + changed + unreadable > 0
    ? {
        title,
        state: 'trouble',
        words: `Пропало файлов: ${missing}, испорчено: ${changed}, не прочитано: ${unreadable}.`,
        page,
      }
    : { title, state: 'good', words: 'Потерь нет.', page };
}

async function jobs({ db }: Reader): Promise<Point> {
  const depth = await selectQueueDepth(db);
  const title = 'Фоновые задания';
  const words = `Ждут: ${depth.waiting}, не вышли после всех попыток: ${depth.failed}.`;
  if (depth.silentSeconds === null || isWorkerGone(depth))
    return {
      title,
      state: 'trouble',
      words: `${words} Исполнитель не работает: писем не будет, файлы не проверяются, оплаты учитываются не сразу. Запустите worker.`,
    };
  return depth.failed > 0
    ? { title, state: 'trouble', words: `${words} Причины — в журнале worker.` }
    : { title, state: 'good', words };
}
