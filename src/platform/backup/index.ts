/** Backups of a whole installation, and what becomes of them. */
export { BackupError } from './backup-error.ts';
export { type BackupOrder, makeBackup } from './make-backup.ts';
export { keyFingerprint, type Manifest } from './manifest.ts';
export { checkBackup, type RestoreOrder, restoreBackup } from './restore-backup.ts';
