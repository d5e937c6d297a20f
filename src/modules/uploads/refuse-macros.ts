import { open } from 'yauzl';
import { Refused } from './refused.ts';

/**
 * Macros are never run here, but the answer is the clerk's own file: nobody should get one with a program inside from us.
 * @throws Refused; a file that is no archive is left to the reader
 */
export async function refuseMacros(path: string): Promise<void> {
  const found = await new Promise<boolean>((done) => {
    open(path, { lazyEntries: true }, (error, archive) => {
      if (error || !archive) return done(false);
      const end = (result: boolean) => {
        archive.close();
        done(result);
      };
      archive.on('entry', ({ fileName }: { fileName: string }) => {
        // Excel keeps macros in vbaProject.bin, LibreOffice in the folders Basic and Scripts.
        if (/vbaProject\.bin$|^(Basic|Scripts)\/[^/]+\//i.test(fileName)) end(true);
        else archive.readEntry();
      });
      archive.on('end', () => end(false));
      archive.on('error', () => end(false));
      archive.readEntry();
    });
  });
  if (found)
    throw new Refused(
      'В файле есть макросы. Сохраните его без них («Сохранить как» → «Книга Excel (.xlsx)») и загрузите ещё раз.',
    );
}
