export { access as metersAccess } from './access.ts';
export { addMeterApi } from './api/index.ts';
export { checkMeter, type MeterCard, type MeterWrite } from './check-meter.ts';
export { type Consumption, measure, planConsumption } from './consumption.ts';
export { countUnsent, type DeviceTaken, type Unsent } from './count-unsent.ts';
export { type UnfitSpan, unfitSpans } from './fitness.ts';
export { meterJobs, meterSchedule } from './jobs.ts';
export * from './meter.ts';
export { isKeptBy, sourcesPresent } from './own-meters.ts';
export { metersPart } from './person-part.ts';
export { selectDeskTotals as readDeskTotals } from './queries/desk.ts';
export { selectEntered as readEntered } from './queries/entered.ts';
export {
  bareSerial,
  selectMetersByNumbers as findMetersByNumbers,
  selectMetersBySerials as findMetersBySerials,
} from './queries/find-meters.ts';
export {
  selectForeignReadings as foreignReadings,
  selectMeteredAccounts as meteredAccounts,
  selectMeterImages as readMeterImages,
} from './queries/images.ts';
export { type MeterLink, selectLinks as readLinks, upsertLinks as linkMeters } from './queries/links.ts';
export {
  lockMeters,
  selectMeters as readMeters,
  selectMetersOfAccounts as readMetersOfAccounts,
} from './queries/meters.ts';
export { selectLastReadings as readLastReadings } from './queries/readings.ts';
export { selectChargedAccounts as chargedAccounts, type UploadedReading } from './queries/undo.ts';
export { lockCards } from './queries/write-meters.ts';
export type { Question, QuestionKind } from './questions.ts';
export { type Author, type NewReading, type ReadingError, type Recorded, recordReadings } from './record-readings.ts';
export { recountMonths } from './recount-months.ts';
export { remindMissingJob } from './reminders/remind-house.ts';
export { registerMeters } from './resident/index.ts';
export { restoreMeters } from './restore-meters.ts';
export { registerStatistics } from './statistics/page.tsx';
export { type OwnReading, submitReadings } from './submit-readings.ts';
export { summariseHouse } from './summarise-house.ts';
export {
  lookAtUploadedReadings,
  type UploadedReadings,
  undoUploadedReadings,
} from './undo-readings.ts';
export { formatTaking, isOpen as isTaking } from './window.ts';
export { takingsFor } from './windows.ts';
export { registerMetersOfOrganisation } from './workplace/index.ts';
export { compareMeter, isCountedAnew, type WrittenMeter, writeMeters } from './write-meters.ts';
