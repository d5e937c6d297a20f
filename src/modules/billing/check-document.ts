import { type Kopecks, kopecks } from '../../platform/money.ts';
import { formatRubles } from '../../ui/format.ts';
import { ownDues, penaltiesOf } from './own-due.ts';
import { type ChargeLine, DocumentBody, type NewDocument, wholeOf } from './payment-document.ts';

export interface Checked {
  body: DocumentBody | null;
  errors: string[];
  warnings: string[];
}

/** Issuers round each column on its own: a kopeck apart is no disagreement. */
const agrees = (a: number, b: number) => Math.abs(a - b) <= 1;
const rubles = (amount: number | bigint): string => formatRubles(kopecks(amount));

const PLACES: Record<string, string> = {
  lines: 'Начисления',
  requisites: 'Платёжные реквизиты',
  totals: 'Итоги',
  penalties: 'Неустойки и судебные расходы',
  debts: 'Долги прошлых месяцев',
  meters: 'Показания',
  reference: 'Справочные сведения',
  instalments: 'Рассрочка',
  recalculations: 'Перерасчёты',
  payer: 'Плательщик',
};

/** Everything that can be said of a document by itself: errors refuse it, warnings (beyond 0.01 ₽) do not. */
export function checkDocument(document: NewDocument): Checked {
  const read = DocumentBody.safeParse(document.body);
  if (!read.success) {
    const errors = read.error.issues.map(({ path }) => {
      const row = typeof path[1] === 'number' ? `, строка ${path[1] + 1}` : '';
      return `${PLACES[String(path[0])] ?? 'Документ'}${row}: значение «${String(path.at(-1) ?? '')}» не подходит.`;
    });
    return { body: null, errors: [...new Set(errors)], warnings: [] };
  }
  const body = read.data;
  const errors = [...headErrors(document), ...bodyErrors(document, body)];
  return { body, errors, warnings: errors.length > 0 ? [] : warningsOf(body) };
}

function headErrors({ number, uid }: NewDocument): string[] {
  const errors: string[] = [];
  if (number.length < 1 || number.length > 30) errors.push('Номер документа: от 1 до 30 знаков.');
  if (uid !== null && !/^.{10}-\d{2}-\d{4}$/u.test(uid))
    errors.push('Идентификатор платёжного документа: идентификатор ЖКУ, дефис и 4 цифры.');
  return errors;
}

function bodyErrors({ kind }: NewDocument, body: DocumentBody): string[] {
  const errors: string[] = [];
  const sets = new Set(body.requisites.map(({ requisiteId }) => requisiteId));
  if (sets.size !== body.requisites.length) errors.push('Платёжные реквизиты повторяются.');
  if ([...body.lines, ...body.penalties, ...body.debts].some((line) => !sets.has(line.requisiteId)))
    errors.push('Строка ссылается на платёжные реквизиты, которых нет в документе.');
  if (new Set(body.lines.map(({ position }) => position)).size !== body.lines.length)
    errors.push('Номера строк начислений повторяются.');
  if (kind === 'current' && body.lines.length === 0 && body.penalties.length === 0)
    errors.push('В текущем документе нет ни одного начисления.');
  if (kind === 'debt' && body.debts.length === 0) errors.push('В долговом документе нет долга за прошлые месяцы.');
  return errors;
}

function lineWarnings(line: ChargeLine): string[] {
  const warnings: string[] = [];
  const plain = line.accrued + line.recalculation - line.benefit;
  // Issuers differ in whether column 7 holds the excess of column 8: either is right.
  if (!agrees(line.payable, plain) && !agrees(line.payable, plain + (line.excess ?? 0)))
    warnings.push(
      `«${line.service}»: к оплате ${rubles(line.payable)}, а начислено с перерасчётом и льготой ${rubles(plain)}.`,
    );
  if (typeof line.total === 'number') {
    const whole = wholeOf(line);
    // An issuer writes 0 where an advance covers everything.
    if (!agrees(line.total, whole) && !(line.total === 0 && whole < 0))
      warnings.push(`«${line.service}»: итого ${rubles(line.total)}, а по графам получается ${rubles(whole)}.`);
  }
  return warnings;
}

/** Do the document's figures agree with each other? (accounts-billing: column 11, column 14, requisites against the total) */
function warningsOf(body: DocumentBody): string[] {
  const warnings = body.lines.flatMap(lineWarnings);
  const { totals } = body;
  const dues = ownDues(body);
  const principal = total(dues.map((due) => due.principal));
  const voluntary = total(dues.flatMap((due) => due.voluntary.map(({ amount }) => amount)));
  if (
    typeof totals.charged === 'number' &&
    !near(totals.charged, principal) &&
    !near(totals.charged, principal + voluntary)
  )
    warnings.push(`К оплате за период ${rubles(totals.charged)}, а сумма строк ${rubles(principal)}.`);
  const stated = body.requisites.map((set) => set.stated);
  if (typeof totals.stated === 'number' && stated.every((value) => typeof value === 'number')) {
    const whole = total(stated.map((value) => BigInt(value)));
    if (!near(totals.stated, whole))
      warnings.push(`Итого по документу ${rubles(totals.stated)}, а по всем реквизитам ${rubles(whole)}.`);
  }
  warnings.push(...totalWarnings(body, total(dues.map(({ own }) => own)), voluntary));
  if (body.penalties.length > 0)
    for (const { requisiteId } of body.requisites) {
      const [apart, inLines] = [penaltiesOf(body, requisiteId), penaltiesOf({ ...body, penalties: [] }, requisiteId)];
      const columns = inLines.penalties + inLines.costs;
      if (columns !== 0n && !near(Number(columns), apart.penalties + apart.costs))
        warnings.push('Пени и судебные расходы в строках и в отдельном разделе различаются: учтён отдельный раздел.');
    }
  return warnings;
}

/**
 * «Итого к оплате» against the charges and the debt or advance that the document itself names: what is stated becomes what is
 * owed, so a slip of the pen would be a debt. Issuers differ in whether voluntary lines, payments and subsidies are in it already.
 */
function totalWarnings({ totals }: DocumentBody, own: bigint, voluntary: bigint): string[] {
  const { stated, opening, paid, subsidies, withInstalments } = totals;
  if (typeof stated !== 'number' || typeof opening !== 'number' || typeof withInstalments === 'number') return [];
  const whole = own + BigInt(opening);
  const [less, help] = [BigInt(paid ?? 0), BigInt(subsidies ?? 0)];
  const likely = [0n, voluntary].flatMap((more) => [0n, less, help, less + help].map((off) => whole + more - off));
  if (likely.some((sum) => near(stated, sum) || (sum < 0n && stated === 0))) return [];
  return [
    `Итого к оплате ${rubles(stated)}, а начисления с учётом долга и аванса из этого документа ${rubles(whole)}. Житель увидит то, что указано в «Итого».`,
  ];
}

const total = (amounts: readonly bigint[]): Kopecks => kopecks(amounts.reduce((a, b) => a + b, 0n));
const near = (a: number, b: bigint): boolean => agrees(a, Number(b));
