import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import type { AppealPartId, OrganisationId } from '../../platform/ids.ts';
import type { Day } from '../../platform/month.ts';
import type { AppealKey } from './appeal.ts';

export interface InformationRequest extends AppealKey {
  /** The inspectorate's own part, when the appeal is addressed to it. Without one: an appeal of its territory. */
  partId?: AppealPartId;
  organisationId: OrganisationId;
  text: string;
  dueOn: Day;
  key: string;
}

/** An inspectorate asks an organisation for what it has on an appeal. Internal: the author sees neither the request nor its answer. */
export async function requestInformation(
  _context: Context,
  _actor: Actor,
  _input: InformationRequest,
): Promise<{ partId: AppealPartId }> {
  throw new Error('not written yet');
}
