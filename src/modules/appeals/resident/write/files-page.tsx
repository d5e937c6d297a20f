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
  Form,
  PageTitle,
  Stack,
} from '../../../../ui/index.ts';
import { DESCRIPTION_LIMIT, MOST_FILES } from '../../change-files.ts';
import type { Draft } from '../../draft.ts';
import { draftPath } from './draft-paths.ts';
import { FileWords } from './files-field.tsx';
import type { KeptFile } from './read-form.ts';

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
          <ul>
            {files.map((file) => (
              <li key={file.fileId}>
                <FileWords file={file} href={`${here}/${file.fileId}`} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Form action={here} csrf={token} files>
        <Field
          kind="file"
          name="files"
          label="Добавить файл"
          multiple
          accept={ATTACHMENT_ACCEPT}
          hint={`Размер каждого файла не больше 50 Мб; форматы PDF, RTF, doc, docx, xls, xlsx, JPEG, JPG, TIFF. Снимки PNG и HEIC мы переведём в JPEG. До ${MOST_FILES} файлов, вместе не больше ${totalMegabytes} МБ.`}
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
