import { DomovoyError } from '../../platform/errors.ts';

/** The workbook cannot be taken as it is: the sentence says why and what to do. */
export class Refused extends DomovoyError {
  readonly status = 422;
  readonly code = 'upload_refused';
}
