import type { ComponentChildren } from 'preact';
import { Field } from './field.tsx';

interface FileUploadProps {
  /** Of the file field. What a script sent before its form comes in hidden fields `<name>.ready`. */
  name: string;
  label: string;
  /** What is taken: shown before a file is chosen. */
  hint: ComponentChildren;
  accept: string;
  /** How many files one form takes. */
  most?: number;
  error?: string | undefined;
  required?: boolean;
  /** The form serves for nothing but files: with script it is sent by itself when they have come. */
  sends?: boolean;
  /**
   * The id of another form, which goes with the files while there is no script: what is typed there must not be lost. With script the
   * files and the buttons beside them belong to the form around them again.
   */
  withForm?: string;
}

/**
 * A field of files. Without script they go with the form (`<Form files>`); with script each is sent at once, in pieces, with its progress,
 * and goes on where a broken line left it. Needs the element `file-upload`.
 */
export function FileUpload(props: FileUploadProps) {
  const { name, label, hint, accept, most = 10, error, required = false, sends, withForm } = props;
  return (
    <file-upload most={most} sends={sends}>
      <Field
        kind="file"
        {...{ name, label, hint, accept, error, required }}
        multiple={most > 1}
        {...(withForm && { form: withForm })}
      />
    </file-upload>
  );
}
