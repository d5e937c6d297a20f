export { access as uploadsAccess } from './access.ts';
export { uploadViewer } from './authorise-kind.ts';
export { forgetOldTraces, readJob, reviveUploads, uploadJobs } from './jobs.ts';
export { selectOpenUploads as listOpenUploads } from './queries/uploads.ts';
export { registerUploads } from './workplace/index.ts';
