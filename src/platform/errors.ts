/** A field that the person should mend: its name in the form and what to do, in Russian. */
export interface FieldError {
  field: string;
  message: string;
}

/** The base of all errors that are answered to a person. `sentence` is shown as it is. */
export abstract class DomovoyError extends Error {
  abstract readonly status: number;
  abstract readonly code: string;
  readonly sentence: string;
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.sentence = sentence;
    this.name = new.target.name;
  }
}

export class NotSignedIn extends DomovoyError {
  readonly status = 401;
  readonly code = 'not_signed_in';
  constructor(sentence = 'Войдите, чтобы продолжить.') {
    super(sentence);
  }
}

export class Forbidden extends DomovoyError {
  readonly status = 403;
  readonly code = 'forbidden';
  constructor(sentence = 'У вас нет прав на это действие.') {
    super(sentence);
  }
}

/** What does not exist and what is not yours look the same. */
export class NotFound extends DomovoyError {
  readonly status = 404;
  readonly code = 'not_found';
  constructor(sentence = 'Такой страницы нет, или она вам недоступна.') {
    super(sentence);
  }
}

/** The state of things does not allow the action (already paid, already decided, closed). */
export class Conflict extends DomovoyError {
  readonly status = 409;
  readonly code: string;
  constructor(sentence: string, code = 'conflict') {
    super(sentence);
    this.code = code;
  }
}

/** Input to mend: all errors at once. */
export class Invalid extends DomovoyError {
  readonly status = 422;
  readonly code = 'invalid';
  readonly fields: readonly FieldError[];
  constructor(fields: readonly FieldError[], sentence = 'Проверьте, пожалуйста, заполнение.') {
    super(sentence);
    this.fields = fields;
  }
}

/** More than one request may carry. */
export class TooLarge extends DomovoyError {
  readonly status = 413;
  readonly code = 'too_large';
}

/** The request came too slowly; the rest of it is not waited for. */
export class TooSlow extends DomovoyError {
  readonly status = 408;
  readonly code = 'too_slow';
}

export class TooMany extends DomovoyError {
  readonly status = 429;
  readonly code = 'too_many';
  /** Seconds after which it may be tried again; null where waiting does not help. */
  readonly wait: number | null;
  constructor(sentence: string, wait: number | null) {
    super(sentence);
    this.wait = wait;
  }
}

/** Whole seconds until what was done at `since` is a day old and no longer counted. */
export const untilDayOld = (since: Date, now: Date): number =>
  Math.max(1, Math.ceil((since.getTime() + 86_400_000 - now.getTime()) / 1000));

/** An outside service does not answer; the action was not done, or its result is not known yet. */
export class Unavailable extends DomovoyError {
  readonly status = 503;
  readonly code = 'unavailable';
}
