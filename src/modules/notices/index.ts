export { noticeJobs } from './jobs.ts';
export { type Channel, NOTICE_KINDS, type NoticeKind, type NoticeKindName } from './kinds.ts';
export type { Message, Notice, Sent } from './notice.ts';
export { noticesPart } from './person-part.ts';
export { registerLetterLinks } from './public.tsx';
export { selectTold as whoWasTold } from './queries.ts';
export { RefusedAddress } from './refused-address.tsx';
export { sendNotice, sendTogether } from './send-notice.ts';
export { registerNoticeSettings } from './settings.tsx';
