import { type Actor, actingFor, authorise, type DelegatedWork } from '../../platform/access.ts';
import { Forbidden } from '../../platform/errors.ts';
import type { UploadViewer } from './queries/uploads.ts';
import { KIND_NAMES, UPLOAD_KINDS, type UploadKind } from './upload.ts';

const HEADS_ONLY =
  'Реквизиты организации меняет только её руководитель: и на сайте, и файлом. Попросите руководителя загрузить этот файл; остальное можете загрузить вы.';
const WITH_ALL_HOUSES =
  'Вам открыты только некоторые дома организации, а файл с домами описывает все. Попросите сотрудника, которому открыты все дома.';

const OF_WORK: Readonly<Partial<Record<DelegatedWork, UploadKind>>> = {
  accounts: 'accounts',
  bills: 'bills',
  readings: 'readings',
};
const OF_ACCOUNTANT: readonly UploadKind[] = ['accounts', 'bills'];
const OF_DISPATCHER: readonly UploadKind[] = ['meters', 'readings'];

/**
 * The kinds of files that somebody deals with. The card is the head's, whether it comes by the form or in a file. Who is limited to some
 * houses loads what belongs to a house, and rows of other houses are refused by name; a file of houses makes new ones, so it is not theirs.
 */
export function uploadKindsOf(actor: Actor): readonly UploadKind[] {
  const { role, houses, through } = actingFor(actor).acting;
  if (through) return through.works.flatMap((work) => OF_WORK[work] ?? []);
  if (role === 'accountant') return OF_ACCOUNTANT;
  if (role === 'dispatcher') return OF_DISPATCHER;
  if (role === 'viewer') return [];
  return UPLOAD_KINDS.filter((kind) =>
    kind === 'organisation' ? role === 'head' : kind === 'houses' ? houses === null : true,
  );
}

/** Whose uploads somebody sees: a clerk all of the organisation's, a limited employee their own, a centre what it has sent itself. */
export function uploadViewer(actor: Actor): UploadViewer {
  const { personId, acting } = actingFor(actor);
  const { organisationId, role, houses, through } = acting;
  const seesAll = !through && houses === null && (role === 'head' || role === 'clerk');
  return {
    organisationId,
    kinds: seesAll ? UPLOAD_KINDS : uploadKindsOf(actor),
    sentBy: houses && { personId, houses },
    throughId: through?.organisationId ?? null,
  };
}

export const mayUpload = (actor: Actor, kind: UploadKind): boolean => uploadKindsOf(actor).includes(kind);

/** The right to deal with uploads, and with this kind of them. @throws Forbidden with a sentence that says why not */
export function authoriseKind(actor: Actor, allowed: Parameters<typeof authorise>[1], kind: UploadKind): void {
  authorise(actor, allowed);
  if (mayUpload(actor, kind)) return;
  const { role, houses } = actingFor(actor).acting;
  if (kind === 'organisation') throw new Forbidden(HEADS_ONLY);
  if (kind === 'houses' && role === 'clerk' && houses !== null) throw new Forbidden(WITH_ALL_HOUSES);
  throw new Forbidden(`Файлы «${KIND_NAMES[kind]}» загружает не ваша роль. Их загружает специалист или руководитель.`);
}
