import { Forbidden, NotSignedIn } from './errors.ts';
import type { ApiKeyId, HouseId, OrganisationId, PersonId, SessionId } from './ids.ts';

/** What an employee of an organisation may do there: руководитель, специалист, бухгалтер, диспетчер, наблюдатель. */
export const EMPLOYEE_ROLES = ['head', 'clerk', 'accountant', 'dispatcher', 'viewer'] as const;
export type EmployeeRole = (typeof EMPLOYEE_ROLES)[number];

/** Roles as people read them. */
export const ROLE_NAMES: Readonly<Record<EmployeeRole, string>> = {
  head: 'руководитель',
  clerk: 'специалист',
  accountant: 'бухгалтер',
  dispatcher: 'диспетчер',
  viewer: 'наблюдатель',
};

/** What one organisation may let another, a settlement centre (расчётный центр), do for it. */
export const DELEGATED_WORKS = ['accounts', 'bills', 'readings', 'claims'] as const;
export type DelegatedWork = (typeof DELEGATED_WORKS)[number];

/** The houses an employee is limited to; null is all houses of the organisation. An empty list is no house at all. */
export type HouseScope = readonly HouseId[] | null;

/** The organisation a person acts for, and in what capacity. */
export interface Acting {
  organisationId: OrganisationId;
  name: string;
  role: EmployeeRole;
  /** Powers of the organisation by НСИ 20, such as "1" (УО) or "4" (ГЖИ). */
  powers: readonly string[];
  houses: HouseScope;
  /** The person's own organisation, when it works for this one by a delegation. `works` is never empty. */
  through: { organisationId: OrganisationId; name: string; works: readonly DelegatedWork[] } | null;
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
  /** For whom the person acted in this session until the employment ended; what they may do next is to be said to them. */
  endedFor?: OrganisationId;
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

/** Whose rows a statement of the workplace may read. Required of each: without it a limited employee would see the other houses. */
export type Desk = Pick<Acting, 'organisationId' | 'houses'>;

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
  /** «Специалист»: everything at the workplace but what is the head's. A head is one too. */
  | 'clerk'
  | 'head'
  | 'accountant'
  | 'dispatcher'
  /** «Наблюдатель»: reads pages that name nobody, changes nothing. */
  | 'viewer'
  /** An employee of a settlement centre who acts for an organisation that let the centre work for it. */
  | 'centre'
  /** The same, where connection claims are among what it was let do. */
  | 'centre for claims'
  | 'inspector'
  /** Heads the inspectorate: an inspector who also says who works there. */
  | 'chief inspector'
  /** «Наблюдатель» of an inspectorate. */
  | 'inspectorate viewer'
  | 'administrator'
  /** A program with a key of its organisation. Its routes are for nobody else: they look at no cookie. */
  | 'system';

/** Every employee of an organisation that is no inspectorate: for pages that show no personal data. */
export const STAFF = ['head', 'clerk', 'accountant', 'dispatcher', 'viewer'] as const satisfies readonly Role[];
/** Everybody who works for some organisation: for what is the person's own, such as settings. */
export const AT_WORK = [...STAFF, 'centre', 'inspector', 'inspectorate viewer'] as const satisfies readonly Role[];

/** НСИ 20, code 4: орган государственного жилищного надзора. */
const INSPECTORATE = '4';

export function rolesOf(actor: Actor): ReadonlySet<Role> {
  const roles = new Set<Role>(['anyone']);
  if (actor.kind === 'guest') roles.add('guest');
  if (actor.kind === 'system') roles.add('system');
  if (actor.kind !== 'person') return roles;
  roles.add('newcomer');
  if (!actor.accepted) return roles;
  if (actor.acting) addRolesAtWork(roles, actor.acting);
  else {
    roles.add('resident');
    if (actor.confirmed) roles.add('confirmed resident');
    if (actor.administrator) roles.add('administrator');
  }
  return roles;
}

function addRolesAtWork(roles: Set<Role>, { role, powers, through }: Acting): void {
  if (through) {
    roles.add('centre');
    if (through.works.includes('claims')) roles.add('centre for claims');
  } else if (powers.includes(INSPECTORATE)) {
    // An inspectorate has no bills: who is neither its head nor its inspector only looks.
    const works = role === 'head' || role === 'clerk' || role === 'dispatcher';
    roles.add(works ? 'inspector' : 'inspectorate viewer');
    if (role === 'head') roles.add('chief inspector');
  } else {
    roles.add(role);
    if (role === 'head') roles.add('clerk');
  }
}

/** Whether a page should offer the action: the use case behind it asks `authorise`. */
export function may(actor: Actor, allowed: readonly Role[]): boolean {
  const roles = rolesOf(actor);
  return allowed.some((role) => roles.has(role));
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
  if (may(actor, allowed)) return;
  const roles = rolesOf(actor);
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

/** For the journal: through which settlement centre somebody acts. Nothing for an organisation's own people. */
export const throughOf = ({ through }: Pick<Acting, 'through'>): { through?: OrganisationId } =>
  through ? { through: through.organisationId } : {};

/** Whether a house that the request names is open to whoever sits at the desk. What is not is «not found». */
export const isOpenTo = ({ houses }: Pick<Desk, 'houses'>, houseId: HouseId): boolean =>
  houses === null || houses.includes(houseId);

/**
 * What is the whole organisation's — its money, its keys — is not for those who are limited to some of its houses.
 * @throws Forbidden
 */
export function requireAllHouses({ houses }: Acting): void {
  if (houses !== null)
    throw new Forbidden(
      'Вам открыты только некоторые дома организации, а это касается всех. Попросите сотрудника, которому открыты все дома.',
    );
}

/** The system that calls, for use cases after `authorise`. @throws NotSignedIn */
export function systemOf(actor: Actor): System {
  if (actor.kind !== 'system') throw new NotSignedIn();
  return actor;
}
