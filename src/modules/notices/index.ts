export { noticeJobs } from './jobs.ts';
export { type Channel, NOTICE_KINDS, type NoticeKind, type NoticeKindName } from './kinds.ts';
export type { Message, Notice, Sent } from './notice.ts';
export { sendNotice, sendTogether } from './send-notice.ts';
