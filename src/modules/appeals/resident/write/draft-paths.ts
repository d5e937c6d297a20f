import type { DraftId } from '../../../../platform/ids.ts';

export type Window =
  | 'address'
  | 'municipality'
  | 'topic'
  | 'addressee'
  | 'files'
  | 'confirm'
  | 'delete'
  | 'send'
  | 'join';

/** Where the form of a draft and its windows are. */
export const draftPath = (draftId: DraftId, window?: Window): string =>
  `/appeals/drafts/${draftId}${window ? `/${window}` : ''}`;
