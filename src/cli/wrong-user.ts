import { stat } from 'node:fs/promises';

/**
 * Why a command must not write into the folder of files: what root puts there, the program's own user can neither change nor remove.
 * @param folder the place of the store; a bucket is no folder of this machine
 * @returns null where it may
 */
export async function wrongUserFor(folder: string): Promise<string | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(folder).then(
    ({ uid }) => uid,
    () => 0,
  );
  return owner === 0
    ? null
    : `папка ${folder} принадлежит другому пользователю, а команда запущена от root: запустите её тем пользователем, например командой domovoy из папки deploy`;
}
