import { hidden, Patient } from './patient.ts';

/** A clerk who uploads. */
export class Uploader extends Patient {
  /** Sends one file by one form, however often it takes. @returns the path of the upload's page */
  async send(kind: string, name: string, content: Buffer): Promise<string> {
    const page = await this.get(`/work/uploads/new?kind=${kind}`);
    return this.post('/work/uploads', () => {
      const form = new FormData();
      for (const [field, value] of [
        ['_token', hidden(page, '_token')],
        ['_key', hidden(page, '_key')],
        ['kind', kind],
      ] as const)
        form.append(field, value);
      form.append('file', new Blob([new Uint8Array(content)]), name);
      return form;
    });
  }

  /** Presses «Загрузить». */
  async apply(path: string, policy: string): Promise<void> {
    const page = await this.get(path);
    await this.press(`${path}/apply`, { _token: hidden(page, '_token'), policy });
  }
}
