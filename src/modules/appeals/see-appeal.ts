import type { OrganisationId } from '../../platform/ids.ts';
import type { AppealWhole } from './appeal.ts';

/** Without what staff alone may see: requests of inspectorates and their answers, assignments, drafts, their files, other neighbours. */
export function seenByAuthor(_whole: AppealWhole): AppealWhole {
  throw new Error('not written yet');
}

/** Without drafts of other organisations. */
export function seenByStaff(_whole: AppealWhole, _organisationId: OrganisationId): AppealWhole {
  throw new Error('not written yet');
}
