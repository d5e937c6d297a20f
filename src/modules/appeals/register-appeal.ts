import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, type FieldError, Invalid } from '../../platform/errors.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import type { Part } from './appeal.ts';
import { changePart, happened, type PartInHand, type PartKey, requireOpen } from './change-part.ts';
import { cleanLine } from './clean-text.ts';
import { countTerm } from './open-part.ts';
import { selectParts } from './queries/read-appeals.ts';
import { updatePart } from './queries/write-appeals.ts';
import { regimeOf } from './term.ts';

export interface Registration extends PartKey {
  /** Made when empty. */
  registrationNumber?: string;
  /** Today in the house's zone when absent. */
  registeredOn?: Day;
}

/** As in the table. */
const LONGEST_NUMBER = 30;

/**
 * An organisation enters an appeal into its register: the part is in work from then on. The term of a body of power is counted again, from
 * the registration (59-ФЗ, ст. 12 ч. 1).
 * @throws Conflict when it is registered already
 */
export async function registerAppeal(
  context: Context,
  actor: Actor,
  input: Registration,
): Promise<{ registrationNumber: string; registeredOn: Day; dueOn: Day | null }> {
  return changePart(context, actor, input, {
    name: 'register',
    async run(hand) {
      requireOpen(hand, 'requests too');
      if (hand.part.registeredOn)
        throw new Conflict(`Обращение уже зарегистрировано: № ${hand.part.registrationNumber}.`);
      const { registrationNumber, registeredOn, dueOn } = await register(hand, input);
      return { registrationNumber: registrationNumber!, registeredOn: registeredOn!, dueOn };
    },
  });
}

/** Registers the part in hand with a number of its own, unless it is registered. Answers and redirections of what is not do it first. */
export async function ensureRegistered(hand: PartInHand): Promise<PartInHand> {
  return hand.part.registeredOn ? hand : { ...hand, part: await register(hand, {}) };
}

async function register(
  hand: PartInHand,
  given: Pick<Registration, 'registrationNumber' | 'registeredOn'>,
): Promise<Part> {
  const { trx, at, today, appeal, part } = hand;
  const registeredOn = given.registeredOn ?? today;
  const typed = cleanLine(given.registrationNumber ?? '');
  refuseWrong({ typed, registeredOn, receivedOn: dayIn(appeal.zone, part.receivedAt), today });
  const registrationNumber = typed || (await makeNumber(hand));
  const isBody = part.kind === 'appeal' && regimeOf(part.powerCode) === 'state';
  const term = isBody ? await countTerm(trx, appeal, { ...part, registeredOn }, at) : null;
  const dueOn = term ? term.dueOn : part.dueOn;
  const isLate = dueOn !== null && dueOn < today;
  await updatePart(
    trx,
    { houseId: appeal.houseId, partId: part.partId },
    {
      state: 'in_work',
      registered_on: registeredOn,
      registration_number: registrationNumber,
      ...(term && { due_on: dueOn, look_at: at, reminded: 0, ...(!isLate && { overdue_at: null }) }),
    },
  );
  await happened(hand, { kind: 'registered', details: { number: registrationNumber, on: registeredOn, dueOn } });
  return { ...part, state: 'in_work', registeredOn, registrationNumber, dueOn };
}

function refuseWrong(given: { typed: string; registeredOn: Day; receivedOn: Day; today: Day }): void {
  const fields: FieldError[] = [];
  if (given.typed.length > LONGEST_NUMBER)
    fields.push({ field: 'registrationNumber', message: `Не больше ${LONGEST_NUMBER} знаков` });
  if (given.registeredOn < given.receivedOn)
    fields.push({ field: 'registeredOn', message: 'Дата регистрации раньше дня, когда обращение поступило' });
  if (given.registeredOn > given.today)
    fields.push({ field: 'registeredOn', message: 'Дата регистрации ещё не наступила' });
  if (fields.length > 0) throw new Invalid(fields);
}

/** From the appeal's own number, which is unique; an organisation that gets an appeal back has a second one. */
async function makeNumber({ trx, appeal, part }: PartInHand): Promise<string> {
  const own = (await selectParts(trx, appeal)).filter(({ organisationId }) => organisationId === part.organisationId);
  const place = own.findIndex(({ partId }) => partId === part.partId) + 1;
  return `Вх-${appeal.number}${place > 1 ? `/${place}` : ''}`.slice(0, LONGEST_NUMBER);
}
