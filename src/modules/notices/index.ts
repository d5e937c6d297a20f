export { type Channel, NOTICE_KINDS, type NoticeKind, type NoticeKindName } from './kinds.ts';
export type { Notice, Sent } from './notice.ts';
export { sendNotice } from './send-notice.ts';
