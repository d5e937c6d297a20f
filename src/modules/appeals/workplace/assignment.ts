import type { Desk } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import { type FieldError, Invalid } from '../../../platform/errors.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import { type AppealId, type AppealPartId, type HouseId, isUuid, type PersonId } from '../../../platform/ids.ts';
import { parseDay } from '../../../platform/month.ts';
import type { Assignment, AssignmentResult } from '../assign-appeals.ts';
import type { DeskLine } from '../queries/desk.ts';
import { selectDeskLinesOf } from '../queries/desk.ts';

/** The box before a row: each has a name of its own, for of equal names a form brings the first alone. */
export const pickField = ({ houseId, appealId, deskId }: Pick<DeskLine, 'houseId' | 'appealId' | 'deskId'>): string =>
  `pick.${houseId}.${appealId}.${deskId}`;

/** @throws Invalid when nothing is picked, or nobody */
export function readAssignment(body: Typed): Assignment {
  const errors: FieldError[] = [];
  const items = Object.keys(body).flatMap((name) => {
    const [prefix, houseId = '', appealId = '', partId = ''] = name.split('.');
    if (prefix !== 'pick' || ![houseId, appealId, partId].every(isUuid)) return [];
    return [{ houseId: houseId as HouseId, appealId: appealId as AppealId, partId: partId as AppealPartId }];
  });
  if (items.length === 0) errors.push({ field: '', message: 'Отметьте обращения в списке' });
  const performer = body.assignee ?? '';
  if (!isUuid(performer)) errors.push({ field: 'assignee', message: 'Выберите исполнителя' });
  const typedDay = (body.plannedOn ?? '').trim();
  const plannedOn = typedDay ? parseDay(typedDay) : null;
  if (typedDay && !plannedOn) errors.push({ field: 'plannedOn', message: 'Укажите дату: ДД.ММ.ГГГГ' });
  if (errors.length > 0) throw new Invalid(errors);
  return { items, performerId: performer as PersonId, ...(plannedOn && { plannedOn }) };
}

export interface Assigned {
  done: number;
  refused: { number: string; sentence: string }[];
}

/** What became of each, with the numbers that people know them by. */
export async function wordResults(db: Db, desk: Desk, results: readonly AssignmentResult[]): Promise<Assigned> {
  const refused = results.filter((result) => !result.done);
  const lines = await selectDeskLinesOf(
    db,
    desk,
    refused.map(({ partId }) => partId),
  );
  const numberOf = (partId: string) => lines.find(({ deskId }) => deskId === partId)?.number ?? '';
  return {
    done: results.length - refused.length,
    refused: refused.map((result) => ({
      number: numberOf(result.partId),
      sentence: result.done ? '' : result.sentence,
    })),
  };
}
