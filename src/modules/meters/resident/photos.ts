import type { FastifyInstance } from 'fastify';
import type { Context } from '../../../platform/context.ts';
import { sendFile } from '../../../platform/files/send-file.ts';
import { idParam } from '../../../platform/http/forms.ts';
import type { FileId, HouseId, MeterId } from '../../../platform/ids.ts';
import { access } from '../access.ts';
import { viewPhoto } from '../view-photo.ts';

/** Pictures of dials, for those who sent them and for the organisations that got them. */
export function registerPhotos(app: FastifyInstance, context: Context): void {
  app.get(
    '/meters/:houseId/:meterId/photos/:photoId',
    { config: { access: access.viewPhoto, sensitive: true } },
    async (request, reply) => {
      const { params, actor } = request;
      const photo = await viewPhoto(context, actor, {
        houseId: idParam<HouseId>(params, 'houseId'),
        meterId: idParam<MeterId>(params, 'meterId'),
        photoId: idParam<FileId>(params, 'photoId'),
      });
      // Only what we have drawn ourselves is shown in the page's place; nosniff stands on every answer.
      reply.type('image/jpeg').header('content-disposition', 'inline; filename="photo.jpg"');
      return sendFile(request, reply, context.files, photo);
    },
  );
}
