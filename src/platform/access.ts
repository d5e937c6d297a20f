import { Forbidden, NotSignedIn } from './errors.ts';
import type { ApiKeyId, OrganisationId, PersonId, SessionId } from './ids.ts';

/** The organisation a person acts for, and in what capacity. */
export interface Acting {
  organisationId: OrganisationId;
  name: string;
  role: 'head' | 'clerk';
  /** Powers of the organisation by НСИ 20, such as "1" (УО) or "4" (ГЖИ). */
  powers: readonly string[];
}

export interface SignedIn {
  kind: 'person';
  personId: PersonId;
  sessionId: SessionId;
  name: string;
  /** As the identity provider says; proves something only when the account is confirmed. */
  snils: string | null;
  /** The account of the identity provider is confirmed («подтверждённая»). */
  confirmed: boolean;
  administrator: boolean;
  /** At least one personal account is connected. */
  connected: boolean;
  /** The texts in force are accepted for the way the person acts now; until then only the first-entry page is open. */
  accepted: boolean;
  acting: Acting | null;
}

/** A guest pays a bill without signing in: a person of kind "guest" with a session of its own. */
export interface Guest {
  kind: 'guest';
  personId: PersonId;
  sessionId: SessionId;
}

/** A system of an organisation, by a key. It acts for the organisation alone and sees no page. */
export interface System {
  kind: 'system';
  organisationId: OrganisationId;
  keyId: ApiKeyId;
  /** The head who made the key: answers for what is done by it, and is the actor in the journal. */
  madeBy: PersonId;
}

export type Actor = { kind: 'anonymous' } | Guest | SignedIn | System;

/** Whoever sits at a browser, signed in or paying as a guest; null for strangers and systems. */
export const humanOf = (actor: Actor): Guest | SignedIn | null =>
  actor.kind === 'person' || actor.kind === 'guest' ? actor : null;

/** Who may do a thing, as data: a list of roles, any of which is enough. */
export type Role =
  | 'anyone'
  /** Signed in, whether or not the texts are accepted yet. */
  | 'newcomer'
  | 'guest'
  | 'resident'
  | 'confirmed resident'
  | 'clerk'
  | 'head'
  | 'inspector'
  | 'administrator'
  /** A program with a key of its organisation. Its routes are for nobody else: they look at no cookie. */
  | 'system';

/** НСИ 20, code 4: орган государственного жилищного надзора. */
const INSPECTORATE = '4';

export function rolesOf(actor: Actor): ReadonlySet<Role> {
  const roles = new Set<Role>(['anyone']);
  if (actor.kind === 'guest') roles.add('guest');
  if (actor.kind === 'system') roles.add('system');
  if (actor.kind !== 'person') return roles;
  roles.add('newcomer');
  if (!actor.accepted) return roles;
  if (actor.acting) {
    if (actor.acting.powers.includes(INSPECTORATE)) roles.add('inspector');
    else {
      roles.add('clerk');
      if (actor.acting.role === 'head') roles.add('head');
    }
  } else {
    roles.add('resident');
    if (actor.confirmed) roles.add('confirmed resident');
    if (actor.administrator) roles.add('administrator');
  }
  return roles;
}

const NEEDS_CONFIRMED =
  'Для этого нужна подтверждённая учётная запись. Как её подтвердить, сказано на главной странице кабинета.';

/** The user agreement in force is not accepted yet: pages send the person to the first-entry page. */
export class NotAccepted extends Forbidden {
  constructor() {
    super('Сначала примите пользовательское соглашение.');
  }
}

/**
 * @throws NotSignedIn when nobody is signed in and signing in could help
 * @throws NotAccepted when the texts in force wait for acceptance
 * @throws Forbidden when the person has none of the roles
 */
export function authorise(actor: Actor, allowed: readonly Role[]): void {
  const roles = rolesOf(actor);
  if (allowed.some((role) => roles.has(role))) return;
  if (actor.kind !== 'person') throw new NotSignedIn();
  if (!actor.accepted) throw new NotAccepted();
  if (allowed.includes('confirmed resident') && roles.has('resident')) throw new Forbidden(NEEDS_CONFIRMED);
  if (actor.acting && (allowed.includes('resident') || allowed.includes('confirmed resident')))
    throw new Forbidden(
      'Сейчас вы действуете от имени организации. Чтобы открыть личный кабинет, выберите «от собственного имени».',
    );
  throw new Forbidden();
}

/** The signed-in person, for use cases after `authorise`. @throws NotSignedIn */
export function personOf(actor: Actor): SignedIn {
  if (actor.kind !== 'person') throw new NotSignedIn();
  return actor;
}

/** The organisation acted for. @throws Forbidden when the person acts for none */
export function actingFor(actor: Actor): SignedIn & { acting: Acting } {
  const person = personOf(actor);
  if (!person.acting) throw new Forbidden('Выберите организацию, от имени которой вы действуете.');
  return person as SignedIn & { acting: Acting };
}

/** The system that calls, for use cases after `authorise`. @throws NotSignedIn */
export function systemOf(actor: Actor): System {
  if (actor.kind !== 'system') throw new NotSignedIn();
  return actor;
}
