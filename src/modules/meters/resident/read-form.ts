import type { FastifyRequest } from 'fastify';
import { type FieldError, Invalid } from '../../../platform/errors.ts';
import type { FileStore, StoredBytes } from '../../../platform/files/files.ts';
import { cleanPhoto, PHOTO_LIMIT } from '../../../platform/files/photo.ts';
import { type Typed, typed } from '../../../platform/http/forms.ts';
import { CSRF_FIELD } from '../../../ui/index.ts';

/** More devices than anybody has; a browser sends a part for each empty field too. */
const PARTS = {
  limits: { files: 300, fields: 1500, fieldSize: 2000, fileSize: PHOTO_LIMIT + 1, parts: 1800 },
  // A picture that is too large is said at its field, beside the other errors.
  throwFileSizeLimit: false,
};

export interface SentForm {
  fields: Typed;
  /** By the name of the field: pictures that are in the store. */
  photos: Map<string, StoredBytes>;
  errors: FieldError[];
}

/**
 * Reads the form with or without pictures. Each picture is cleaned and kept as it arrives, so that one at a time is in memory. The
 * form's token stands before the pictures: nothing of a foreign page is looked at.
 * @param check throws when the token is not ours
 */
export async function readForm(
  request: FastifyRequest,
  files: FileStore,
  check: (token: unknown) => void,
): Promise<SentForm> {
  const form: SentForm = { fields: {}, photos: new Map(), errors: [] };
  if (!request.isMultipart()) {
    form.fields = typed(request.body);
    check(form.fields[CSRF_FIELD]);
    return form;
  }
  let checked = false;
  const checkOnce = () => {
    if (!checked) check(form.fields[CSRF_FIELD]);
    checked = true;
  };
  for await (const part of request.parts(PARTS)) {
    const name = part.fieldname;
    if (part.type === 'field') {
      if (!(name in form.fields) && typeof part.value === 'string') form.fields[name] = part.value.replaceAll('\0', '');
      continue;
    }
    checkOnce();
    const bytes = await part.toBuffer();
    if (bytes.length === 0 || form.photos.has(name)) continue;
    try {
      const clean = await cleanPhoto(bytes, name);
      form.photos.set(name, await files.put(clean, { limitBytes: PHOTO_LIMIT, field: name }));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      form.errors.push(...error.fields);
    }
  }
  checkOnce();
  return form;
}
