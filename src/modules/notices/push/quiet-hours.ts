import type { Db } from '../../../platform/database/database.ts';
import type { PersonId } from '../../../platform/ids.ts';
import { selectHousesOfPerson, selectZone } from './queries.ts';

/** Nobody's phone sounds for a bill at night: from 22:00 until 8:00 of the person's house. */
const FROM_HOUR = 22;
const TO_HOUR = 8;
const HOME_ZONE = 'Europe/Moscow';
const HOUR_MS = 3_600_000;

const hours = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string, instant: Date): { hour: number; minute: number; second: number } {
  let format = hours.get(zone);
  if (!format) {
    const fields = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', ...fields });
    hours.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return { hour: parts.hour!, minute: parts.minute!, second: parts.second! };
}

/** The end of the night when it is night in the zone; null by day. Russian zones move their clocks no more, so hours are hours. */
export function quietUntil(now: Date, zone: string): Date | null {
  const { hour, minute, second } = clockIn(zone, now);
  if (hour >= TO_HOUR && hour < FROM_HOUR) return null;
  const left = ((TO_HOUR - hour + 24) % 24) * HOUR_MS - (minute * 60 + second) * 1000 - now.getMilliseconds();
  return new Date(now.getTime() + left);
}

/** The zone of the first house where the person has an account; Moscow's for those who have none. */
export async function zoneOfPerson(db: Db, personId: PersonId): Promise<string> {
  const [houseId] = await selectHousesOfPerson(db, personId);
  return (houseId && (await selectZone(db, houseId))) || HOME_ZONE;
}
