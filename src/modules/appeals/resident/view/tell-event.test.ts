import { expect, test } from 'vitest';
import { newId } from '../../../../platform/ids.ts';
import { type AppealEvent, EVENT_KINDS, type EventKind } from '../../appeal.ts';
import { doerOf, tellEvent } from './tell-event.ts';

const happened = (kind: EventKind): AppealEvent => ({
  eventId: newId(),
  partId: null,
  kind,
  at: new Date('2026-11-23T09:00:00Z'),
  organisationId: newId(),
  personId: newId(),
  personName: 'Петрова Анна Ивановна',
  internal: false,
  details: { to: ['ООО «Ромашка»'] },
});
const tellsName = (kind: EventKind) => tellEvent(happened(kind)).some(([, words]) => words.includes('Петрова'));

test('what residents did tells no name, even where its addressee is noted: neighbours read it too', () => {
  for (const kind of ['sent', 'joined', 'withdrawn', 'assessed', 'reopened', 'escalated', 'fixed'] as const) {
    expect(tellsName(kind), kind).toBe(false);
    expect(doerOf(happened(kind)), kind).toBeNull();
  }
});

test('what an organisation did tells who did it', () => {
  expect(tellsName('registered')).toBe(true);
  expect((Object.keys(EVENT_KINDS) as EventKind[]).filter(tellsName)).toContain('answered');
});
