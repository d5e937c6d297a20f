import { type Actor, authorise, rolesOf } from '../../platform/access.ts';
import { Forbidden } from '../../platform/errors.ts';
import { organisationAccess } from '../organisations/index.ts';
import type { UploadKind } from './upload.ts';

const HEADS_ONLY =
  'Реквизиты организации меняет только её руководитель: и на сайте, и файлом. Попросите руководителя загрузить этот файл; остальное можете загрузить вы.';

/** The card and the bank accounts are the head's, whether they come by the form or in a file. */
export const mayUpload = (actor: Actor, kind: UploadKind): boolean =>
  kind !== 'organisation' || organisationAccess.addRequisite.some((role) => rolesOf(actor).has(role));

/** The right to deal with uploads, and with this kind of them. @throws Forbidden with a sentence that names who may */
export function authoriseKind(actor: Actor, allowed: Parameters<typeof authorise>[1], kind: UploadKind): void {
  authorise(actor, allowed);
  if (!mayUpload(actor, kind)) throw new Forbidden(HEADS_ONLY);
}
