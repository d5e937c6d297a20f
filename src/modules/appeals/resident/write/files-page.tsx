import { ATTACHMENT_ACCEPT } from '../../../../platform/attachments/index.ts';
import type { FieldError } from '../../../../platform/errors.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  FileList,
  FileUpload,
  Form,
  PageTitle,
  Stack,
} from '../../../../ui/index.ts';
import { DESCRIPTION_LIMIT, MOST_FILES } from '../../change-files.ts';
import type { Draft } from '../../draft.ts';
import { draftPath } from './draft-paths.ts';
import { FILE_NOTICE, listedFile } from './files-field.tsx';
import type { KeptFile } from './read-form.ts';

/** Files of one sending. */
export const AT_ONCE = 10;

interface FilesPageProps {
  draft: Draft;
  files: readonly KeptFile[];
  /** Of all files of one appeal. */
  totalMegabytes: number;
  description: string;
  errors: readonly FieldError[];
  token: string;
}

/** «Добавить файл» as a page: a plain form with files. */
export function FilesPage({ draft, files, totalMegabytes, description, errors, token }: FilesPageProps) {
  const here = draftPath(draft.draftId, 'files');
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Фотографии, квитанции, письма: всё, что помогает разобраться.">Прикрепленные файлы</PageTitle>
      {files.length > 0 && (
        <Card title="Уже приложены">
          <FileList label="Уже приложены" files={files.map((file) => listedFile(draft, file))} />
        </Card>
      )}
      <Form action={here} csrf={token} files>
        <FileUpload
          name="files"
          label="Добавить файл"
          accept={ATTACHMENT_ACCEPT}
          most={AT_ONCE}
          hint={`${FILE_NOTICE} До ${MOST_FILES} файлов, вместе не больше ${totalMegabytes} МБ.`}
          error={errorOf(errors, 'files')}
        />
        <Field
          kind="text"
          name="description"
          label="Что в этих файлах"
          maxLength={DESCRIPTION_LIMIT}
          value={description}
          error={errorOf(errors, 'description')}
        />
        <Actions>
          <Button icon="upload">Добавить</Button>
          <ButtonLink kind="quiet" href={`${draftPath(draft.draftId)}#field-files`}>
            Вернуться к обращению
          </ButtonLink>
        </Actions>
      </Form>
    </Stack>
  );
}
