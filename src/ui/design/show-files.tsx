import { Button } from '../button.tsx';
import { FileList, type ListedFile } from '../file-list.tsx';
import { FileUpload } from '../file-upload.tsx';
import { Form } from '../form.tsx';
import { Section } from './section.tsx';

const remove = (
  <Button type="button" kind="quiet" icon="trash-2">
    Удалить
  </Button>
);
const FILES: readonly ListedFile[] = [
  {
    key: 'a',
    name: 'Акт осмотра подъезда № 5 от 29.10.2026.pdf',
    sizeBytes: 1_204_224,
    state: 'clean',
    href: '#files',
    previewHref: '#files',
    description: 'Подписан собственниками квартир 12 и 15',
    action: remove,
  },
  {
    key: 'b',
    name: 'IMG_20261029_081512.jpg',
    sizeBytes: 4_812_300,
    state: 'waiting',
    href: '#files',
    action: remove,
  },
  { key: 'c', name: 'договор.docx', sizeBytes: 48_120, state: 'unscanned', href: '#files' },
  {
    key: 'd',
    name: `${'очень_длинное_имя_файла_без_пробелов_'.repeat(4)}.xlsx`,
    sizeBytes: 52_428_800,
    state: 'infected',
  },
  { key: 'e', name: 'скан.tiff', sizeBytes: 830, state: 'unreadable', action: remove },
];

export function FileSamples() {
  return (
    <Section id="files" title="Файлы">
      <FileList label="Приложенные файлы" files={FILES} />
      <Form action="#files" files csrf="token" label="Приложить файлы">
        <FileUpload
          name="attached"
          label="Приложить файлы"
          hint="PDF, RTF, DOC, DOCX, XLS, XLSX, JPG, JPEG, TIFF, до 50 МБ каждый"
          accept=".pdf,.jpg"
          most={3}
        />
        <Button kind="secondary">Приложить</Button>
      </Form>
    </Section>
  );
}
