import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { writePdf } from '../../src/platform/pdf/write-pdf.ts';
import { HEIGHT, paintScene, SCENES, type Scene, WIDTH } from './scenes.ts';
import type { File } from './steps.ts';

export interface Files {
  photo(scene: Scene, name: string, description?: string): File;
  act: File;
}

/** The files that residents and clerks attach: each is drawn once. */
export async function drawFiles(at: Date): Promise<Files> {
  const drawn = new Map<Scene, Buffer>();
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
  for (const scene of Object.keys(SCENES) as Scene[])
    drawn.set(
      scene,
      await sharp(paintScene(scene), { raw })
        .resize(WIDTH * 2)
        .jpeg({ quality: 72 })
        .toBuffer(),
    );
  return {
    photo: (scene, name, description = '') => ({ name, content: drawn.get(scene)!, description }),
    act: {
      name: 'Акт выполненных работ.pdf',
      content: await writeAct(at),
      description: 'Акт, подписанный мастером участка',
    },
  };
}

const writeAct = (at: Date): Promise<Buffer> =>
  buffer(
    writePdf(
      [
        { kind: 'title', text: 'Акт выполненных работ' },
        {
          kind: 'facts',
          facts: [
            ['Исполнитель', 'ООО «УК „Дубравушка“»'],
            ['Адрес', 'г. Москва, ул. Аргуновская, д. 18'],
            ['Работы', 'Замена двух светильников на лестнице, проверка линии освещения'],
            ['Материалы', 'Светильник светодиодный с датчиком движения, 2 шт.'],
          ],
        },
        { kind: 'text', text: 'Освещение на лестнице проверено с первого этажа до чердака, замечаний нет.' },
        { kind: 'note', text: 'Учебный документ: организация и работы вымышлены.' },
      ],
      { title: 'Акт выполненных работ', foot: 'Акт выполненных работ', at },
    ),
  );
