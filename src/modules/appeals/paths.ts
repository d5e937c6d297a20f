import type { FileId } from '../../platform/ids.ts';
import type { AppealKey } from './appeal.ts';

/** Where pages of an appeal are: letters name them too. */
export const appealPath = ({ houseId, appealId }: AppealKey): string => `/appeals/${houseId}/${appealId}`;
export const appealFilePath = (key: AppealKey, fileId: FileId): string => `${appealPath(key)}/files/${fileId}`;
/** At the desk of an organisation that answers it. */
export const deskAppealPath = ({ houseId, appealId }: AppealKey): string => `/work/appeals/${houseId}/${appealId}`;
/** At the desk of the inspectorate whose territory it is. */
export const territoryAppealPath = ({ houseId, appealId }: AppealKey): string =>
  `/work/territory/${houseId}/${appealId}`;
/** Asks whether to complain to the body above. */
export const escalationPath = (key: AppealKey): string => `${appealPath(key)}/escalate`;
