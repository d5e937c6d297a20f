import type { FastifyInstance } from 'fastify';
import { registerDisclosure } from '../../../pages/disclosure.tsx';
import { actingFor, type SignedIn } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import {
  type Disclosed,
  type DisclosedRecord,
  disclosedTo,
  STAFF_PURPOSES,
} from '../../../platform/disclosure/index.ts';
import { maskedName } from '../../../ui/index.ts';
import { access } from '../access.ts';
import { NOTHING } from '../compare.ts';
import { selectHousesInFile } from '../queries/uploads.ts';
import { type Difference, KIND_NAMES, type Upload, type UploadKind } from '../upload.ts';
import { ownUpload, pathOf } from './read-own.ts';

/** Files of these kinds name people, or may: a bank's register has their names beside the readings. */
const NAMING: readonly UploadKind[] = ['accounts', 'bills', 'meters', 'readings'];

const recordOf = ({ uploadId }: Upload): DisclosedRecord => `upload:${uploadId}`;

export const disclosedUpload = ({ db, clock }: Context, actor: SignedIn, upload: Upload): Promise<Disclosed | null> =>
  disclosedTo(db, actor, recordOf(upload), clock());

/** Whoever has brought the file gets it back as it was; a colleague says for what they take it. */
export const isAskedPurpose = (actor: SignedIn, { kind, uploadedBy }: Upload): boolean =>
  NAMING.includes(kind) && uploadedBy !== actor.personId;

export const isAskedNow = async (context: Context, actor: SignedIn, upload: Upload): Promise<boolean> =>
  isAskedPurpose(actor, upload) && (await disclosedUpload(context, actor, upload)) === null;

/** Where it is asked, and then the file is at hand. */
export const questionOf = (upload: Upload): string =>
  `${pathOf(upload)}/disclose?from=${encodeURIComponent(`${pathOf(upload)}/answer`)}`;

/** What a file of accounts says of a payer: shown so that a change can be told, and not read. */
const OF_PEOPLE: readonly string[] = [
  'Фамилия',
  'Имя',
  'Отчество',
  'СНИЛС',
  'Номер документа',
  'Серия документа',
  'Дата документа',
];

export const isOfPeople = ({ what }: Difference): boolean => OF_PEOPLE.includes(what);

export const masked = (value: string): string =>
  value === NOTHING ? value : maskedName({ last: value, first: '', middle: '' });

/** The question for what an upload is opened: the names among its differences, and its file. */
export function registerUploadDisclosure(app: FastifyInstance, context: Context): void {
  registerDisclosure(app, context, {
    path: '/work/uploads/:uploadId',
    access: access.viewUploads,
    purposes: STAFF_PURPOSES,
    lead: 'В файле могут быть имена жителей. Чтобы увидеть их или скачать файл, скажите, для чего.',
    async find(request, actor) {
      const upload = await ownUpload(context, request);
      const { organisationId } = actingFor(actor).acting;
      const houses = await selectHousesInFile(context.db, upload);
      return {
        record: recordOf(upload),
        back: pathOf(upload),
        title: upload.fileName,
        known: [{ term: 'Что в файле', value: KIND_NAMES[upload.kind] }],
        look: {
          action: 'uploads.disclosed',
          what: `Загруженный файл «${KIND_NAMES[upload.kind]}»`,
          thingId: upload.uploadId,
          homes: houses.map((houseId) => ({ houseId, providerId: organisationId })),
          details: { uploadId: upload.uploadId },
        },
        active: '/work/uploads',
        breadcrumbs: [
          { href: '/work/uploads', label: 'Загрузка файлов' },
          { href: pathOf(upload), label: upload.fileName },
          { label: 'Цель' },
        ],
      };
    },
  });
}
