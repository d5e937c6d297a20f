import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadLegalTexts } from '../../src/modules/identity/index.ts';
import type { Context } from '../../src/platform/context.ts';
import { Browserless } from '../support/browserless.ts';
import { again, hidden, Patient } from './patient.ts';
import { TIME_LIMIT_MS, World } from './world.ts';

/** People of the sandbox without an organisation, and their subjects there. */
const PEOPLE = { domovitova: '1000000001', pervovhodov: '1000000002', zayavkina: '1000000011' };
const SESSION = 'domovoy_session';
const DEVICE = 'domovoy_device';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await World.open('signin', {}, async (opened) => {
    context = opened.context;
    await loadLegalTexts(context.db);
  });
});
afterAll(() => world?.close());

interface Visit {
  cookie: string;
  device: string;
  isOver: boolean;
}

/** Signs in and out of one cabinet, from browsers that are known and from new ones. */
class Guest {
  readonly login: string;
  readonly visits: Visit[] = [];

  constructor(login: string) {
    this.login = login;
  }

  /** From «Войти» on, begun anew whenever something breaks on the way. */
  async signIn(device?: string): Promise<Visit> {
    const visit = await again(async () => {
      const browser = new Browserless(world.site);
      if (device) browser.keepCookie(DEVICE, device);
      const page = await browser.signInAs(this.login);
      const cookie = browser.cookie(SESSION);
      world.note({ who: this.login, signIn: page.status, url: page.url });
      // The session is there as soon as its cookie is, whatever became of the page behind it.
      return cookie ? { cookie, device: browser.cookie(DEVICE)!, isOver: false } : null;
    });
    this.visits.push(visit);
    await this.accept(visit);
    return visit;
  }

  at = ({ cookie }: Visit) => new Patient(world, this.login, `${SESSION}=${cookie}`);

  /** The first visit meets the texts; a later one goes on. */
  private async accept(visit: Visit): Promise<void> {
    const patient = this.at(visit);
    const { status, html } = await patient.see('/welcome');
    if (status !== 200) return;
    const version = (kind: string) => new RegExp(`name="${kind}"[^>]*value="(\\d+)"`).exec(html)?.[1] ?? '1';
    await patient.post('/welcome', {
      _token: hidden(html, '_token'),
      capacity: '',
      agreement: version('agreement'),
      consent: version('consent'),
    });
  }

  async signOut(visit: Visit): Promise<void> {
    const patient = this.at(visit);
    await patient.signOut(hidden(await patient.get('/settings'), '_token'));
    visit.isOver = true;
  }
}

test(
  'whatever is killed when, who is let in stays in, who left is out, and nobody becomes two people',
  async () => {
    const guests = Object.keys(PEOPLE).map((login) => new Guest(login));
    const strikes = {
      victims: ['web', 'web', 'worker', 'postgres'],
      troubles: ['database away', 'bad mail', 'disk full'],
    } as const;
    await world.during(strikes, (isOver) =>
      Promise.all(
        guests.map(async (guest) => {
          // The very first time from two browsers at once.
          await Promise.all([guest.signIn(), guest.signIn()]);
          while (!isOver()) {
            const known = world.choose(guest.visits);
            const visit = await guest.signIn(world.random() < 0.5 ? known.device : undefined);
            if (world.random() < 0.5) await guest.signOut(visit);
          }
        }),
      ),
    );
    console.log(`faults: ${guests.reduce((sum, { visits }) => sum + visits.length, 0)} visits`);
    await world.settle();
    for (const guest of guests) await checkTruth(guest);
  },
  TIME_LIMIT_MS,
);

async function checkTruth(guest: Guest): Promise<void> {
  const { db } = context;
  const subject = PEOPLE[guest.login as keyof typeof PEOPLE];
  const people = await db.selectFrom('person').selectAll().where('subject', '=', subject).execute();
  expect(people, 'one person').toHaveLength(1);
  const personId = people[0]!.person_id;
  const identities = await db.selectFrom('identity').selectAll().where('subject', '=', subject).execute();
  expect(identities).toMatchObject([{ person_id: personId }]);
  for (const visit of guest.visits)
    expect([visit.isOver, (await guest.at(visit).see('/settings')).status]).toEqual([
      visit.isOver,
      visit.isOver ? 303 : 200,
    ]);
  const sessions = await db.selectFrom('session').selectAll().where('person_id', '=', personId).execute();
  const known = new Set(sessions.map(({ session_id }) => session_id as string));
  for (const { cookie } of guest.visits) expect(known.has(cookie.split('.')[1]!)).toBe(true);
  const events = await db
    .selectFrom('audit_event')
    .select('event_id')
    .where('action', '=', 'identity.signed_in')
    .where('person_id', '=', personId)
    .execute();
  expect(events, 'one event a session').toHaveLength(sessions.length);
  const devices = await db.selectFrom('device').selectAll().where('person_id', '=', personId).execute();
  const warned = devices.filter(({ alarm_hash }) => alarm_hash !== null);
  expect(devices.length - warned.length, 'of the first device nobody is warned').toBe(1);
  const letters = await db
    .selectFrom('mail_message')
    .select('subject')
    .where('person_id', '=', personId)
    .where('subject', '=', 'Вход в кабинет с нового устройства')
    .execute();
  expect(letters, 'one letter a new device').toHaveLength(warned.length);
}
