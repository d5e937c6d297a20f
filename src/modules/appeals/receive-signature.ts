import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Pace, type ReceivedAttachment, steadily } from '../../platform/attachments/index.ts';
import type { Context } from '../../platform/context.ts';
import { Invalid } from '../../platform/errors.ts';

/** For `accept` of the field. */
export const SIGNATURE_ACCEPT = '.sig,.p7s';
export const SIGNATURE_TYPE = 'application/pkcs7-signature';

/** A signature with its certificates is some kilobytes. */
export const SIGNATURE_LIMIT = 1_048_576;
/** The object identifier of signed data in DER: 1.2.840.113549.1.7.2 (RFC 5652, 5.1). It stands at the beginning. */
const SIGNED_DATA = Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]);
const HEAD = 32;
const SEQUENCE = 0x30;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}<>:"|?*]/gu;

/**
 * Takes a detached signature (PKCS #7, DER or base64) into the store. That it is one is looked at; whether it is valid and whose it is
 * is NOT checked: pages say so.
 * @throws Invalid on `field`
 */
export async function receiveSignature(
  { files }: Pick<Context, 'files'>,
  content: Readable,
  { name, field, pace }: { name: string; field: string; pace?: Pace },
): Promise<ReceivedAttachment> {
  // One byte more than allowed is let through, so that the rest of the form is still read.
  const steady = steadily(content, { field, ...(pace && { pace }) });
  const bytes = await files.put(steady, { limitBytes: SIGNATURE_LIMIT + 1, field });
  try {
    if (bytes.sizeBytes > SIGNATURE_LIMIT || !isSignature(await buffer(files.open(bytes.fileId))))
      throw new Invalid([
        {
          field,
          message: 'Это не отсоединённая подпись. Приложите файл .sig или .p7s, который сделала программа подписи.',
        },
      ]);
    return { ...bytes, name: signatureName(name), mediaType: SIGNATURE_TYPE };
  } catch (error) {
    await files.remove(bytes.fileId);
    throw error;
  }
}

function isSignature(bytes: Buffer): boolean {
  const der = bytes[0] === SEQUENCE ? bytes : fromBase64(bytes);
  return der[0] === SEQUENCE && der.subarray(0, HEAD).includes(SIGNED_DATA);
}

function fromBase64(bytes: Buffer): Buffer {
  const text = bytes
    .toString('latin1')
    .replace(/-----[A-Z0-9 ]+-----/g, '')
    .replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+=*$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
}

/** The last part of a path, without signs that deceive the eye, with an ending of signatures. */
function signatureName(given: string): string {
  const plain = (given.split(/[\\/]/).at(-1) ?? '').toWellFormed().normalize('NFC').replace(UNSEEN, '').trim();
  const [, stem = plain, ending = 'sig'] = /^(.*)\.(sig|p7s)$/i.exec(plain) ?? [];
  return `${
    [...stem]
      .slice(0, 100)
      .join('')
      .replace(/^[\s.]+/u, '') || 'подпись'
  }.${ending.toLowerCase()}`;
}
