import { type MeterKind, type ReadingSource, verifyByOf } from '../src/modules/meters/index.ts';
import { addDays, addMonths, type Day, daysBetween, firstDay, lastDay, type Month } from '../src/platform/month.ts';
import { SCALE } from './amounts.ts';
import { at, dayOf } from './calendar.ts';
import type { Device, Model, Shown } from './device.ts';
import type { DeviceStory, Span } from './device-stories.ts';
import type { Random } from './random.ts';
import { settleByRules, settleEach } from './settle-device.ts';

/** How a device is to live. */
export interface Running {
  model: Model;
  kind: MeterKind;
  span: Span;
  random: Random;
  nextSerial: () => string;
  /** What runs through it in a month by tariff, in ten-thousandths of its unit. */
  use: (month: Month) => readonly number[];
  /** Where its dial stood before the first month, below this, by tariff. Ten-thousandths. */
  startsBelow: readonly number[];
  /** Days of the month on which its readings are taken, both inclusive. */
  days: readonly [number, number];
  story: DeviceStory;
  /** Its people have sent the open month already, where the story does not say. */
  sends: boolean;
  source?: ReadingSource;
}

/** Sources of readings, by lot: most people send themselves, some phone, a few devices send on their own. */
const sourceOf = (lot: number): ReadingSource => (lot < 83 ? 'resident' : lot < 95 ? 'organisation' : 'automatic');

/** A dial that is still to be read further. */
interface Dial {
  device: Device;
  standing: number[];
  /** What the last printed reading said. */
  previous: readonly number[];
  source: ReadingSource;
}

/** One device over all months, or two where the story replaces it. */
export function runDevice(running: Running): Device[] {
  const { span, story, kind } = running;
  const volumes = new Map([...span.months, span.open].map((month) => [month, running.use(month)]));
  let dial = firstDial(running, volumes);
  const devices = [dial.device];
  for (const month of span.months) {
    const volume = volumes.get(month)!;
    if (story.replacedOn?.startsWith(month)) {
      const half = volume.map((part) => Math.floor(part / 2 / 10) * 10);
      finish(dial, story.replacedOn, half);
      dial = nextDial(running, dial, story.replacedOn);
      devices.push(dial.device);
      run(
        dial,
        volume.map((part, tariff) => part - half[tariff]!),
      );
      read(running, dial, month, takenOn(running, month));
      continue;
    }
    if (story.controlled === month) control(dial, month, volume);
    run(dial, volume);
    if (isRead(running, month)) read(running, dial, month, takenOn(running, month));
  }
  sendOpen(running, dial, volumes.get(span.open)!);
  for (const device of devices)
    if (Object.keys(story).length > 0 || kind === 'house') settleByRules(device, span);
    else settleEach(device);
  return devices;
}

function firstDial(running: Running, volumes: ReadonlyMap<Month, readonly number[]>): Dial {
  const { model, random, span, story, startsBelow, source } = running;
  const first = span.months[0]!;
  const whole = volumes.get(first)!.map((_, tariff) => {
    const start = Math.floor(random.below(startsBelow[tariff]!) / SCALE) * SCALE;
    if (story.standsAt === undefined) return start;
    return story.standsAt - span.months.reduce((sum, month) => sum + volumes.get(month)![tariff]!, 0);
  });
  const device = newDevice(running, verifiedBefore(running, model.interval));
  const chance = sourceOf(random.below(100));
  const own = source ?? story.source ?? chance;
  device.remote = own === 'automatic';
  const day = lastDay(addMonths(first, -1));
  show(device, 'base', addMonths(first, -1), day, whole, 'organisation');
  return { device, standing: [...whole], previous: whole, source: own };
}

function newDevice({ model, kind, nextSerial, story }: Running, verifiedOn: Day): Device {
  const brokenOn = story.brokenOn ?? null;
  return {
    model,
    kind,
    serial: nextSerial(),
    remote: false,
    installedOn: addDays(verifiedOn, 20),
    verifiedOn,
    verifyBy: verifyByOf(verifiedOn, model.interval)!,
    state: brokenOn ? 'broken' : 'working',
    brokenOn,
    archivedOn: null,
    replacedBy: null,
    readings: [],
    sections: new Map(),
    charged: new Map(),
    used: [],
  };
}

/** A day of verification before the first month and less than an interval ago. */
function verifiedBefore({ span, story, random }: Running, interval: number): Day {
  const yearsBack = (day: Day): Day => {
    const text = `${Number(day.slice(0, 4)) - interval}${day.slice(4)}`;
    return (text.endsWith('-02-29') ? `${text.slice(0, 4)}-02-28` : text) as Day;
  };
  const earliest = addDays(yearsBack(span.today), 25);
  const days = daysBetween(earliest, addDays(firstDay(span.months[0]!), -90));
  const chance = addDays(earliest, random.below(Math.max(1, days)));
  return story.verifyBy ? yearsBack(story.verifyBy) : chance;
}

const run = (dial: Dial, volume: readonly number[]): void => {
  dial.standing = dial.standing.map((value, tariff) => value + volume[tariff]!);
};

function takenOn({ random, days: [from, to] }: Running, month: Month): Day {
  return dayOf(month, random.between(from, to));
}

const isRead = ({ story }: Running, month: Month): boolean =>
  !story.missing?.includes(month) &&
  !(story.verifyBy && story.verifyBy < lastDay(month)) &&
  !(story.brokenOn && story.brokenOn <= lastDay(month));

function show(
  device: Device,
  kind: Shown['kind'],
  period: Month,
  day: Day,
  values: readonly number[],
  source: ReadingSource,
  enteredAt = at(day, 12),
): Shown {
  const shown: Shown = { kind, period, takenOn: day, enteredAt, values, source, declined: null };
  device.readings.push(shown);
  return shown;
}

/** A current reading, and the row of the bill that follows from it. */
function read({ random }: Running, dial: Dial, month: Month, day: Day): Shown {
  const { device, standing, previous, source } = dial;
  device.sections.set(month, { previous, current: standing, takenOn: day });
  dial.previous = standing;
  return show(device, 'current', month, day, standing, source, at(day, random.between(7, 21), random.below(60)));
}

/** The organisation's own look before the reading of the month: a part of its volume has run through. */
function control(dial: Dial, month: Month, volume: readonly number[]): void {
  const part = volume.map((value) => Math.floor((value * 2) / 5 / 10) * 10);
  const values = dial.standing.map((value, tariff) => value + part[tariff]!);
  show(dial.device, 'control', month, dayOf(month, 12), values, 'organisation');
}

/** The last value before the device is taken down. */
function finish(dial: Dial, day: Day, volume: readonly number[]): void {
  const { device } = dial;
  run(dial, volume);
  const month = day.slice(0, 7) as Month;
  device.sections.set(month, { previous: dial.previous, current: dial.standing, takenOn: day });
  show(device, 'final', month, day, dial.standing, 'organisation');
  device.state = 'archived';
  device.archivedOn = day;
}

function nextDial(running: Running, former: Dial, day: Day): Dial {
  const device = newDevice(running, addDays(day, -45));
  device.installedOn = day;
  former.device.replacedBy = device;
  const standing = former.standing.map(() => 120);
  show(device, 'base', day.slice(0, 7) as Month, day, standing, 'organisation', at(day, 13));
  return { device, standing, previous: standing, source: former.source };
}

/** The open month takes values of days that have passed. */
function sendOpen(running: Running, dial: Dial, volume: readonly number[]): void {
  const { span, story, days, random } = running;
  const yesterday = Number(addDays(span.today, -1).slice(8));
  const until = span.today.endsWith('-01') ? 0 : Math.min(days[1], yesterday);
  const wanted = story.open ?? (running.sends ? 'sent' : 'not sent');
  if (wanted === 'not sent' || until < days[0]) return;
  run(dial, volume);
  const shown = read(running, dial, span.open, dayOf(span.open, random.between(days[0], until)));
  if (wanted !== 'sent') shown.declined = wanted.declined;
}
