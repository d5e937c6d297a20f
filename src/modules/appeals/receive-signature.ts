import type { Readable } from 'node:stream';
import type { ReceivedAttachment } from '../../platform/attachments/index.ts';
import type { Context } from '../../platform/context.ts';

/** For `accept` of the field. */
export const SIGNATURE_ACCEPT = '.sig,.p7s';

/**
 * Takes a detached signature (PKCS #7, DER or base64) into the store. That it is one is looked at; whether it is valid and whose it is
 * is NOT checked: pages say so.
 * @throws Invalid on `field`
 */
export async function receiveSignature(
  _context: Pick<Context, 'files'>,
  _content: Readable,
  _about: { name: string; field: string },
): Promise<ReceivedAttachment> {
  throw new Error('not written yet');
}
