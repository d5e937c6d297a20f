import { createTransport } from 'nodemailer';
import { probeIdentityProvider } from '../../modules/identity/index.ts';
import { parseClamdUrl, tryScanner } from '../../platform/attachments/index.ts';
import type { Config } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { listMigrations } from '../../platform/database/migrate.ts';
import { selectAppliedMigrations, selectServerFacts } from '../../platform/database/queries.ts';
import { isWorkerGone, selectQueueDepth } from '../../platform/jobs/queries.ts';
import { dayIn } from '../../platform/month.ts';
import { calendarUntil, missingYear } from '../../platform/rules/calendar-until.ts';
import { selectLastCalendarDay, selectRulesOn } from '../../platform/rules/queries.ts';
import { wordsOfError } from '../words-of-error.ts';
import { wrongUserFor } from '../wrong-user.ts';

const OLDEST_SERVER = 150_000;
const EXTENSIONS = ['pg_trgm', 'btree_gist'];
/** A clock further off than this gives wrong terms and breaks tokens of the sign-in. */
const CLOCK_SECONDS = 30;
const LIMIT_SECONDS = 60;

/** What is wrong, in words for the operator, and what to do. */
class Trouble extends Error {}
/** A thing that works, but not as it should, or is not set up. */
interface Remark {
  remark: string;
}
type Look = () => Promise<string | Remark>;

/**
 * Looks at each thing of the outside world that the settings name, all at once, and says one line of each.
 * @returns the code of the process: 1 when anything does not work
 */
export async function check(context: Context, say: (line: string) => void): Promise<number> {
  const looks: readonly (readonly [string, Look])[] = [
    ['База данных (DATABASE_URL)', () => lookAtDatabase(context)],
    ['Справочники и правила', () => lookAtReference(context)],
    ['Вход (OIDC_…)', () => lookAtProvider(context.config)],
    ['Почта (SMTP_URL)', () => lookAtMail(context.config)],
    [`Файлы (${context.config.S3_BUCKET ? 'S3_…' : 'FILES_DIR'})`, () => lookAtFiles(context)],
    ['Антивирус (CLAMD_URL)', () => lookAtScanner(context.config)],
    ['Банк-эквайер (ACQUIRER_API_URL)', () => lookAtAcquirer(context.config)],
    ['Адрес кабинета (PUBLIC_URL)', () => lookAtAddress(context.config)],
    ['Фоновые задания', () => lookAtJobs(context)],
  ];
  const results = await Promise.all(looks.map(([name, look]) => resultOf(name, look)));
  for (const { line } of results) say(line);
  const bad = results.filter(({ isGood }) => !isGood).length;
  const remarks = results.filter(({ line }) => line.startsWith('–')).length;
  if (bad > 0) say(`Не работает: ${bad}. Строки с ✗ говорят, что сделать.`);
  else say(remarks > 0 ? `Работает; с оговорками: ${remarks}, строки с –.` : 'Всё, что проверено, работает.');
  return bad === 0 ? 0 : 1;
}

async function resultOf(name: string, look: Look): Promise<{ line: string; isGood: boolean }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Trouble(`нет ответа за ${LIMIT_SECONDS} с`)), LIMIT_SECONDS * 1000);
  });
  try {
    const words = await Promise.race([look(), late]);
    return typeof words === 'string'
      ? { line: `✓ ${name}: ${words}`, isGood: true }
      : { line: `– ${name}: ${words.remark}`, isGood: true };
  } catch (error) {
    return { line: `✗ ${name}: ${wordsOfError(error)}`, isGood: false };
  } finally {
    clearTimeout(timer);
  }
}

async function lookAtDatabase({ db, clock }: Context) {
  const [facts, known, applied] = await Promise.all([
    selectServerFacts(db, EXTENSIONS),
    listMigrations(),
    selectAppliedMigrations(db),
  ]);
  if (facts.versionNumber < OLDEST_SERVER) throw new Trouble(`PostgreSQL ${facts.version}, а нужен 15 или новее`);
  if (facts.encoding !== 'UTF8')
    throw new Trouble(`кодировка базы ${facts.encoding}, а нужна UTF8: createdb -E UTF8 -T template0`);
  if (facts.missingExtensions.length > 0)
    throw new Trouble(
      `нет расширений ${facts.missingExtensions.join(', ')}: поставьте пакет postgresql-contrib на сервер базы`,
    );
  const waiting = known.filter((name) => !applied.includes(name)).length;
  if (waiting > 0) throw new Trouble(`не применено миграций: ${waiting}. Выполните npm run admin -- migrate`);
  if (applied.some((name) => !known.includes(name)))
    throw new Trouble('база новее программы: поставьте версию программы не старше той, что работала с этой базой');
  const skew = Math.round(Math.abs(facts.now.getTime() - clock().getTime()) / 1000);
  if (skew > CLOCK_SECONDS)
    throw new Trouble(`часы сервера базы и этой машины расходятся на ${skew} с: включите синхронизацию времени`);
  return `PostgreSQL ${facts.version}, база ${facts.database}, миграций ${applied.length}`;
}

async function lookAtReference({ db, clock }: Context) {
  const today = dayIn('Europe/Moscow', clock());
  const [rules, lastDay] = await Promise.all([selectRulesOn(db, today, ''), selectLastCalendarDay(db)]);
  if (rules.length === 0) throw new Trouble('правил нет. Выполните npm run admin -- migrate');
  const remarks: string[] = [];
  if (!rules.some(({ key }) => key === 'key_rate')) remarks.push('нет ключевой ставки (key_rate): пени не считаются');
  const year = missingYear(calendarUntil(lastDay), today);
  if (year !== null) remarks.push(`нет производственного календаря ${year} года: дополните data/calendar.json`);
  const words = `правил в силе ${rules.length}`;
  return remarks.length > 0 ? { remark: `${words}; ${remarks.join('; ')}` } : words;
}

async function lookAtProvider(config: Config) {
  await probeIdentityProvider(config);
  return `${config.OIDC_ISSUER} отвечает, PKCE есть, клиент ${config.OIDC_CLIENT_ID} и адрес возврата известны`;
}

async function lookAtMail(config: Config) {
  const transport = createTransport(config.SMTP_URL);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
  const { hostname, port } = new URL(config.SMTP_URL);
  return `${hostname}${port && `:${port}`} принимает, письма от ${config.MAIL_FROM}`;
}

async function lookAtFiles({ files }: Context) {
  const wrongUser = await wrongUserFor(files.place);
  if (wrongUser) throw new Trouble(wrongUser);
  const content = Buffer.from('domovoy');
  const { fileId } = await files.put(content, { limitBytes: content.length, field: 'file' });
  try {
    const read: Buffer[] = [];
    for await (const chunk of files.open(fileId)) read.push(chunk as Buffer);
    if (!Buffer.concat(read).equals(content)) throw new Trouble('прочитано не то, что записано');
  } finally {
    await files.remove(fileId);
  }
  return `${files.place}: запись, чтение и удаление получились`;
}

async function lookAtScanner({ CLAMD_URL }: Config) {
  if (!CLAMD_URL) return { remark: 'не настроен (CLAMD_URL): вложения не проверяются, страницы говорят об этом' };
  const problem = await tryScanner(parseClamdUrl(CLAMD_URL));
  if (problem) throw new Trouble(problem);
  return `${CLAMD_URL} находит проверочный файл и в конце 50 МБ`;
}

/** Without a shop's key the acquirer answers 401: that is an answer. */
async function lookAtAcquirer({ ACQUIRER_API_URL }: Config) {
  const answer = await fetch(`${ACQUIRER_API_URL}/payments`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  });
  if (answer.status !== 401)
    throw new Trouble(`${ACQUIRER_API_URL} ответил ${answer.status} на запрос без ключа, а ожидалось 401`);
  return `${ACQUIRER_API_URL} отвечает; ключи магазинов вводят организации`;
}

async function lookAtAddress({ PUBLIC_URL, TRUST_PROXY, DEMO }: Config) {
  const { protocol } = new URL(PUBLIC_URL);
  const answer = await fetch(`${PUBLIC_URL}/health/ready`, { signal: AbortSignal.timeout(15_000) }).catch(
    (error: unknown) => wordsOfError(error),
  );
  if (protocol !== 'https:' && !DEMO)
    throw new Trouble(`${PUBLIC_URL}: нужен https, иначе чужие прочтут пароли и счета`);
  // The program speaks no https itself: a proxy does, and every visitor comes from its address.
  if (protocol === 'https:' && TRUST_PROXY === 0)
    throw new Trouble(
      'TRUST_PROXY=0, а https даёт прокси: все посетители считаются одним, и предел запросов общий. Задайте 1',
    );
  if (typeof answer === 'string')
    return {
      remark: `${PUBLIC_URL} отсюда не отвечает (${answer}): кабинет или прокси не запущен, или имя ведёт не сюда`,
    };
  if (!answer.ok) throw new Trouble(`${PUBLIC_URL}/health/ready ответил ${answer.status}`);
  const said: unknown = await answer.json().catch(() => null);
  if ((said as { ready?: unknown } | null)?.ready !== true)
    throw new Trouble(`по адресу ${PUBLIC_URL} отвечает не кабинет`);
  return `${PUBLIC_URL} отвечает`;
}

async function lookAtJobs({ db }: Context) {
  const depth = await selectQueueDepth(db);
  const words = `ждут ${depth.waiting}, не вышли ${depth.failed}`;
  if (isWorkerGone(depth))
    throw new Trouble(
      `${words}; исполнитель (worker) молчит ${Math.round(depth.silentSeconds! / 60)} мин: запустите его`,
    );
  if (depth.silentSeconds === null)
    return { remark: `${words}; исполнитель (worker) ещё не отметился: он делает это раз в минуту` };
  return depth.failed > 0 ? { remark: `${words}: причины в журнале worker и на странице «Письма»` } : words;
}
