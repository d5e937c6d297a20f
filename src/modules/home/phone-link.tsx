import { formatPhone } from '../../ui/index.ts';

/** A phone that a phone dials. */
export const PhoneLink = ({ phone }: { phone: string }) => (
  <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{formatPhone(phone)}</a>
);
