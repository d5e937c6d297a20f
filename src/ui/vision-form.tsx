import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import type { Vision } from './vision.ts';

interface VisionFormProps {
  vision: Vision;
  /** Takes the post, writes the cookie and leads back to `returnTo`. */
  action: string;
  csrf?: string;
  returnTo: string;
}

/** Settings of the version for low-vision people. */
export function VisionForm({ vision, action, csrf, returnTo }: VisionFormProps) {
  return (
    <Form action={action} hidden={{ returnTo }} {...(csrf && { csrf })} label="Версия для слабовидящих">
      <Field
        kind="choice"
        as="radio"
        name="size"
        label="Размер букв"
        value={vision.size}
        options={[
          { value: '100', label: 'Обычный' },
          { value: '150', label: 'Крупный, в полтора раза' },
          { value: '200', label: 'Очень крупный, вдвое' },
        ]}
      />
      <div class="scheme-choice">
        <Field
          kind="choice"
          as="radio"
          name="scheme"
          label="Цвета"
          value={vision.scheme}
          options={[
            { value: 'black-on-white', label: 'Чёрный на белом' },
            { value: 'white-on-black', label: 'Белый на чёрном' },
            { value: 'blue', label: 'Тёмно-синий на голубом' },
          ]}
        />
      </div>
      <Field
        kind="choice"
        as="radio"
        name="spacing"
        label="Расстояние между буквами и строками"
        value={vision.spacing}
        options={[
          { value: 'normal', label: 'Обычное' },
          { value: 'wide', label: 'Большое' },
          { value: 'very-wide', label: 'Очень большое' },
        ]}
      />
      <Field
        kind="choice"
        as="radio"
        name="images"
        label="Картинки и значки"
        value={vision.images}
        options={[
          { value: 'on', label: 'Показывать' },
          { value: 'off', label: 'Не показывать, оставить слова' },
        ]}
      />
      <Field
        kind="choice"
        as="radio"
        name="font"
        label="Шрифт"
        value={vision.font}
        options={[
          { value: 'sans', label: 'Без засечек' },
          { value: 'serif', label: 'С засечками' },
        ]}
      />
      <div class="actions">
        <Button>Применить</Button>
        {vision.on && (
          <Button kind="secondary" name="version" value="ordinary">
            Вернуться к обычной версии
          </Button>
        )}
      </div>
    </Form>
  );
}
