/** What hinders a backup or a restore, in one line for the person at the terminal. */
export class BackupError extends Error {}
